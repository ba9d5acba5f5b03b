package dev.bitacora.collector.index;

import dev.bitacora.collector.health.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records wait for another attempt, since when and why; one log line when that begins and
 * one when it ends. Safe for any thread.
 */
final class Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

  private final Clock clock;
  private long records;
  private long failures;
  private Trouble trouble = new Trouble(Trouble.Kind.TRANSIENT, "");
  private Instant since = Instant.EPOCH;

  Waiting(Clock clock) {
    this.clock = clock;
  }

  /** An attempt failed for {@code failed} records, of which {@code fresh} did not wait before. */
  synchronized void failed(Trouble why, int failed, int fresh) {
    boolean began = records == 0;
    records += fresh;
    failures += failed;
    boolean changed = trouble.kind() != why.kind();
    trouble = why;
    if (began) {
      since = clock.instant();
      failures = failed;
      LOG.warn("Indexer: began failing ({}): {}", why.kind().text(), why.detail());
    } else if (changed) {
      LOG.warn("Indexer: still failing, now ({}): {}", why.kind().text(), why.detail());
    }
  }

  /** Records that waited do not any more. */
  synchronized void over(int settled) {
    if (settled == 0) {
      return;
    }
    records -= settled;
    if (records == 0) {
      LOG.info(
          "Indexer: recovered after {} failed deliveries in {} ms",
          failures,
          Duration.between(since, clock.instant()).toMillis());
    }
  }

  synchronized Condition condition() {
    return records == 0
        ? Condition.up("no record waits for the store")
        : Condition.down(
            records
                + " records wait since "
                + since
                + " ("
                + trouble.kind().text()
                + "): "
                + trouble.detail());
  }
}
