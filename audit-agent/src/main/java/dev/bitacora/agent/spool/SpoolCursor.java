package dev.bitacora.agent.spool;

import java.util.List;

/** One reader's place in a spool. One thread's. */
public interface SpoolCursor extends AutoCloseable {
  /**
   * The next records, all of one stream and without a hole in their numbers; none when there are
   * none yet. Moves behind them. At least one fits, whatever its size.
   */
  List<SpooledRecord> read(int maxRecords, int maxBytes);

  /** Whether there is a record to read; it is not read by that. */
  boolean hasNext();

  /** Goes on behind this record, back or forth. */
  void seek(Watermark watermark);

  @Override
  void close();
}
