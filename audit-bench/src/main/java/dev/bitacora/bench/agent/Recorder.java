package dev.bitacora.bench.agent;

/** One way to record something, opened and ready. */
interface Recorder extends AutoCloseable {
  /** For people. */
  String name();

  void record();

  @Override
  void close();
}
