package dev.bitacora.collector.kafka;

import java.time.Duration;

/**
 * How the indexer works.
 *
 * @param senders threads that write to the store; two per primary shard, at most eight
 * @param maxInFlightBytes above this no more is read until half of it is durable
 * @param flushTime how long {@code close} waits for what is in flight
 */
public record IndexerSettings(int senders, long maxInFlightBytes, Duration flushTime) {
  /** 4 senders (events and logs, one shard each), 64 MiB, 20 s. */
  public static final IndexerSettings DEFAULT =
      new IndexerSettings(4, 64L << 20, Duration.ofSeconds(20));
}
