package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes through a lane's segments. Where numbers are missing it delivers the record that says so,
 * and then goes on.
 */
final class DiskCursor implements SpoolCursor {
  private final Backlog backlog;
  private StreamId stream;
  private long expected;
  private long offset;
  private volatile long segment;

  /** Null until the segment is opened. */
  private HeldSegment open;

  private SegmentReader reader;

  /** Read, but not delivered yet. */
  private Optional<SpooledRecord> ahead = Optional.empty();

  DiskCursor(Backlog backlog, Watermark watermark) {
    this.backlog = backlog;
    place(watermark);
  }

  private void place(Watermark watermark) {
    stream = watermark.stream();
    expected = watermark.sequence() + 1;
    segment = watermark.segment();
    offset = watermark.offset();
    ahead = Optional.empty();
  }

  /** The segment it stands in: that one and those behind it are still needed. */
  long segment() {
    return segment;
  }

  @Override
  public void seek(Watermark watermark) {
    leave();
    place(watermark);
  }

  @Override
  public List<SpooledRecord> read(int maxRecords, int maxBytes) {
    List<SpooledRecord> batch = new ArrayList<>();
    long bytes = 0;
    while (batch.size() < maxRecords) {
      Optional<SpooledRecord> next = peek();
      if (next.isEmpty()) {
        break;
      }
      SpooledRecord record = next.get();
      bytes += record.value().length;
      if (!batch.isEmpty()
          && (bytes > maxBytes || !record.stream().equals(batch.get(0).stream()))) {
        break;
      }
      batch.add(record);
      ahead = Optional.empty();
      stream = record.stream();
      expected = record.sequence() + 1;
    }
    return batch;
  }

  @Override
  public boolean hasNext() {
    return peek().isPresent();
  }

  /** The next record, without moving behind it. */
  Optional<SpooledRecord> peek() {
    if (ahead.isEmpty()) {
      ahead = advance();
    }
    return ahead;
  }

  private Optional<SpooledRecord> advance() {
    while (true) {
      try {
        if (!isOpen()) {
          return Optional.empty();
        }
        long start = offset;
        boolean isSameStream = open.name().stream().equals(stream);
        long wanted = isSameStream ? expected : 0;
        Optional<SpooledRecord> record = reader.next(wanted);
        if (record.isPresent() && !isSameStream) {
          Optional<SpooledRecord> end = endOfTheStreamBefore(start);
          if (end.isPresent()) {
            return end;
          }
        }
        if (record.isPresent()) {
          return Optional.of(
              record.get().first() > wanted
                  ? gapBefore(record.get(), wanted, start)
                  : take(record.get()));
        }
        if (!reader.isAtEnd() || !goOn()) {
          return Optional.empty();
        }
      } catch (IOException e) {
        if (!setAside(e)) {
          return Optional.empty();
        }
      }
    }
  }

  private SpooledRecord take(SpooledRecord record) {
    offset = record.end();
    return record;
  }

  /** A record that goes behind the last one of the stream that ends here. */
  private Optional<SpooledRecord> endOfTheStreamBefore(long start) throws IOException {
    Optional<Long> last = backlog.knownGap(stream, expected);
    if (last.isEmpty()) {
      return Optional.empty();
    }
    reader.close();
    reader = open.reader(start);
    return Optional.of(
        new SpooledRecord(
            stream,
            expected,
            last.get(),
            RecordKind.CONTROL,
            backlog.lost(stream, expected, last.get()),
            System.currentTimeMillis() * 1000,
            segment,
            start));
  }

  /** What stands for the missing numbers; the record behind them comes next. */
  private SpooledRecord gapBefore(SpooledRecord record, long first, long start) throws IOException {
    long last =
        backlog
            .knownGap(record.stream(), first)
            .filter(known -> known < record.first())
            .orElse(record.first() - 1);
    byte[] value = backlog.lost(record.stream(), first, last);
    reader.close();
    reader = open.reader(start);
    return new SpooledRecord(
        record.stream(),
        first,
        last,
        RecordKind.CONTROL,
        value,
        record.acceptedMicros(),
        record.segment(),
        start);
  }

  private boolean isOpen() throws IOException {
    if (reader != null) {
      return true;
    }
    Optional<HeldSegment> next = backlog.enter(this, segment);
    if (next.isEmpty()) {
      return false;
    }
    open = next.get();
    reader = open.reader(offset);
    return true;
  }

  /** Goes to the next segment; false when there is none yet. */
  private boolean goOn() {
    if (backlog.enter(this, segment + 1).isEmpty()) {
      return false;
    }
    leave();
    return true;
  }

  /** Stands in this segment from now on, at its beginning unless it did so before. */
  void at(long number) {
    if (number != segment) {
      segment = number;
      offset = 0;
    }
  }

  private boolean setAside(IOException e) {
    HeldSegment broken = open;
    leave(); // what is not set aside is opened anew
    boolean isStored = broken instanceof StoredSegment;
    if (isStored) {
      backlog.quarantine(broken, e);
    }
    return isStored;
  }

  private void leave() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
    open = null;
  }

  @Override
  public void close() {
    leave();
    backlog.forget(this);
  }
}
