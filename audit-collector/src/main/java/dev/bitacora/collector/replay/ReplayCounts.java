package dev.bitacora.collector.replay;

/**
 * What a replay has come to so far.
 *
 * @param read records that were chosen
 * @param stored of them, those that the store did not have
 * @param duplicates those that it had already
 * @param parked those that failed again and are dead letters now
 * @param exhausted those that were not tried, because they were replayed often enough
 * @param closed dead letters that were closed
 */
public record ReplayCounts(
    long read, long stored, long duplicates, long parked, long exhausted, long closed) {
  public static final ReplayCounts NOTHING = new ReplayCounts(0, 0, 0, 0, 0, 0);

  /** Everything that was chosen is in the store now. */
  public boolean isGood() {
    return read == stored + duplicates;
  }

  /** As it stands in a result line. */
  @Override
  public String toString() {
    return "read=%d stored=%d duplicates=%d parked-again=%d exhausted=%d closed=%d"
        .formatted(read, stored, duplicates, parked, exhausted, closed);
  }
}
