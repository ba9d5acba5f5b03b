package dev.bitacora.collector.replay;

import dev.bitacora.collector.accounting.Settlement;

/** Counts a replay. Safe for any thread. */
public final class ReplayTally {
  private long read;
  private long stored;
  private long duplicates;
  private long parked;
  private long exhausted;
  private long closed;

  public synchronized void read() {
    read++;
  }

  synchronized void exhausted() {
    exhausted++;
  }

  /** So many dead letters were closed. */
  public synchronized void closed(int letters) {
    closed += letters;
  }

  /** One record is done. */
  public synchronized void settled(Settlement how) {
    switch (how) {
      case INDEXED, CONFLICT -> stored++;
      case DUPLICATE -> duplicates++;
      case DEADLETTERED -> parked++;
      case RELEASED -> {}
    }
  }

  public synchronized ReplayCounts counts() {
    return new ReplayCounts(read, stored, duplicates, parked, exhausted, closed);
  }
}
