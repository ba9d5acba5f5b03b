package dev.bitacora.collector.alarm;

import java.time.Instant;

/**
 * Is told when an alarm begins and when it is over, in that order. Called by whoever fires, so it
 * must neither block nor ask the board anything.
 */
public interface AlarmListener {
  void began(FiringAlarm alarm);

  void over(FiringAlarm alarm, Instant endsAt);
}
