package dev.bitacora.collector.watch;

/** Looks at one thing each time it is told to, and fires or resolves its alarms. One thread. */
public interface Watch {
  void look();
}
