package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The beginning of a stream on a disk that is full of what earlier processes have left: nothing
 * fits, and the stream goes on in the first real segment, once some of that is delivered. It has no
 * file. Immutable.
 */
final class NoRoomYet implements Segment {
  private final SegmentName name;

  NoRoomYet(SegmentName name) {
    this.name = name;
  }

  @Override
  public SegmentName name() {
    return name;
  }

  @Override
  public long capacity() {
    return 0;
  }

  @Override
  public void activate(long base) {
    // it is over already
  }

  @Override
  public long append(RecordKind kind, byte[] payload) {
    return FULL;
  }

  @Override
  public long appendGap(int span, LongFunction<byte[]> payload) {
    return FULL;
  }

  @Override
  public long appendLast(RecordKind kind, byte[] payload) {
    return FULL;
  }

  @Override
  public Optional<Long> end() {
    return Optional.of(0L);
  }

  @Override
  public long base() {
    return 0;
  }

  @Override
  public long next() {
    return 0;
  }

  @Override
  public long used() {
    return 0;
  }

  @Override
  public SegmentReader reader(long offset) throws IOException {
    throw new IOException(name + ": there is nothing to read yet");
  }

  @Override
  public void force() {
    // nothing is written
  }

  @Override
  public boolean isComplete() {
    return true;
  }

  @Override
  public void touch(long from, long to) {
    // nothing is mapped
  }

  @Override
  public void release() {
    // nothing is mapped
  }

  @Override
  public boolean recycle(SegmentName newName) {
    return false;
  }

  @Override
  public void discard() {
    // no file
  }

  @Override
  public void close() {
    // no file
  }
}
