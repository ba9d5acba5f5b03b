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
 */
public record SpoolLimits(
    long quotaBytes, int smallestSegment, int largestSegment, Duration maxBlock) {
  /** The first segment is small, so that opening is quick. */
  public static final int SMALLEST_SEGMENT = 1 << 20;

  public static final int LARGEST_SEGMENT = 16 << 20;

  /** Segments for the active one, two spares and the reserve. */
  public static final long LEAST_QUOTA = 4L * SMALLEST_SEGMENT;

  public static SpoolLimits of(long quotaBytes, Duration maxBlock) {
    int largest = (int) Math.max(SMALLEST_SEGMENT, Math.min(LARGEST_SEGMENT, quotaBytes / 8));
    return new SpoolLimits(quotaBytes, SMALLEST_SEGMENT, largest, maxBlock);
  }
}
