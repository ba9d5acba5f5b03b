package dev.bitacora.collector.kafka;

import java.time.Duration;

/**
 * How the indexer works.
 *
 * @param senders how many write to the store at a time; two per primary shard, at most eight
 * @param maxInFlightBytes above this no more is read until a quarter of it is durable
 * @param flushTime how long {@code close} waits for what is in flight
 */
public record IndexerSettings(int senders, long maxInFlightBytes, Duration flushTime) {
  private static final long MOST_IN_FLIGHT_BYTES = 64L << 20;

  /**
   * What is in flight takes several times its bytes as objects, and the heap is not for it alone.
   */
  private static final int HEAP_SHARE = 32;

  /**
   * 4 senders (events and logs, one shard each); a thirty-second of the heap, but 64 MiB at most;
   * 20 s.
   */
  public static final IndexerSettings DEFAULT =
      new IndexerSettings(
          4,
          Math.min(MOST_IN_FLIGHT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE),
          Duration.ofSeconds(20));
}
