package dev.bitacora.collector.alarm;

import java.time.Duration;
import java.util.Map;

/**
 * Takes alarms. Never blocks for long and never throws because an alarm cannot be delivered. Safe
 * for any thread.
 */
public interface Alarms {
  /**
   * It fires until {@link #resolve} is called; firing it again while it does only brings its
   * summary up to date.
   */
  void fire(Alarm alarm);

  /**
   * For what has happened and cannot be mended: it fires for so long and then is over. Firing it
   * again while it does begins the time anew.
   */
  void fireFor(Alarm alarm, Duration time);

  /** It is over. Nothing when it does not fire. */
  void resolve(String name, Map<String, String> labels);
}
