package dev.bitacora.agent.spool;

import java.time.Duration;

/**
 * How much a lane may keep.
 *
 * @param quotaBytes on disk, spares included; above it records are refused
 * @param smallestSegment bytes of the first segment; those that fill quickly are followed by larger
 *     ones
 * @param largestSegment bytes
 * @param maxBlock how long an append may wait for room when there is none
 * @param shedsOldest true where new records are worth more than old ones that nobody has been sent
 */
public record SpoolLimits(
    long quotaBytes,
    int smallestSegment,
    int largestSegment,
    Duration maxBlock,
    boolean shedsOldest) {
  /** The first segment is small, so that opening is quick. */
  public static final int SMALLEST_SEGMENT = 1 << 20;

  public static final int LARGEST_SEGMENT = 16 << 20;

  /** Segments for the active one, two spares and the reserve. */
  public static final long LEAST_QUOTA = 4L * SMALLEST_SEGMENT;

  /** For audit events: none is given up for another. */
  public static SpoolLimits keepingAll(long quotaBytes, Duration maxBlock) {
    return new SpoolLimits(
        quotaBytes, SMALLEST_SEGMENT, largestSegment(quotaBytes), maxBlock, false);
  }

  /** For log lines: the oldest go first. */
  public static SpoolLimits sheddingOldest(long quotaBytes) {
    return new SpoolLimits(
        quotaBytes, SMALLEST_SEGMENT, largestSegment(quotaBytes), Duration.ZERO, true);
  }

  private static int largestSegment(long quotaBytes) {
    return (int) Math.max(SMALLEST_SEGMENT, Math.min(LARGEST_SEGMENT, quotaBytes / 8));
  }
}
