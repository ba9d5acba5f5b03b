package dev.bitacora.bench.agent.calls;

/** One way to record something, opened and ready. Safe for any thread. */
interface Recorder extends AutoCloseable {
  void record();

  /** Calls so far of which it is known that nothing of them is kept. */
  long lost();

  @Override
  void close();
}
