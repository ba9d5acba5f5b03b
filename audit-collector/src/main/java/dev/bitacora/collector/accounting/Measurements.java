package dev.bitacora.collector.accounting;

import java.time.Duration;

/** Durations that the collector takes note of; what becomes of them is the metrics' business. */
public interface Measurements {
  /** Takes no note. */
  Measurements NONE =
      new Measurements() {
        @Override
        public void bulk(Duration duration) {}

        @Override
        public void endToEnd(Duration duration) {}

        @Override
        public void clockAhead(Duration duration) {}

        @Override
        public void retried(String troubleClass, int records) {}
      };

  /** One write to the store took so long. */
  void bulk(Duration duration);

  /** From the moment an event happened until it was durable in the store. */
  void endToEnd(Duration duration);

  /** By how much an event's clock was ahead of the log that took it. */
  void clockAhead(Duration duration);

  /** So many records must be tried again, for a reason of this class. */
  void retried(String troubleClass, int records);
}
