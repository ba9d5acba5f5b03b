package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps spares ready: two, and one in reserve for when no more can be made. The janitor makes them,
 * any thread takes one. A lane that fills its segments quickly gets larger ones.
 */
final class Supply {
  /** Two, and the reserve. */
  static final int READY = 3;

  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Disk disk;
  private final StreamId stream;
  private final SegmentSource source;
  private final SpoolLimits limits;
  private final Queue<Segment> spares = new ConcurrentLinkedQueue<>();
  private final AtomicLong spareBytes = new AtomicLong();
  private final Lock making = new ReentrantLock();
  private final AtomicLong numbers;
  private volatile int size;
  private volatile long lastTaken = System.nanoTime();
  private volatile boolean exhausted;
  private volatile String trouble = "";

  Supply(Disk disk, StreamId stream, SegmentSource source, SpoolLimits limits, long firstNumber) {
    this.disk = disk;
    this.stream = stream;
    this.source = source;
    this.limits = limits;
    this.numbers = new AtomicLong(firstNumber);
    this.size = limits.smallestSegment();
  }

  /** A spare, if one is ready; it counts as one until {@link #taken}. */
  Optional<Segment> take() {
    Segment spare = spares.poll();
    if (spare == null) {
      return Optional.empty();
    }
    long now = System.nanoTime();
    boolean isQuick = now - lastTaken < QUICK_NANOS;
    lastTaken = now;
    size = isQuick ? Math.min(2 * size, limits.largestSegment()) : size;
    return Optional.of(spare);
  }

  /** Makes the beginning of the next one ready to be written to. */
  void touchNext(long bytes) {
    Segment next = spares.peek();
    if (next != null) {
      next.touch(0, bytes);
    }
  }

  /** The lane holds it now. Not before, or its bytes would be nobody's for a moment. */
  void taken(Segment spare) {
    spareBytes.addAndGet(-spare.capacity());
  }

  /** Makes one at once, whatever is ready. */
  Segment make() throws IOException {
    return source.make(disk, nextName(), size);
  }

  private SegmentName nextName() {
    return new SegmentName(numbers.getAndIncrement(), stream);
  }

  /**
   * Makes what is missing, as far as quota and disk allow, after whoever is doing so.
   *
   * @param wanted spares
   * @param heldBytes what the lane holds beside the spares
   */
  void replenish(int wanted, LongSupplier heldBytes) {
    making.lock();
    try {
      makeMissing(wanted, heldBytes);
    } finally {
      making.unlock();
    }
  }

  /** The same, unless somebody is doing so: the disk may take its time with him. */
  void replenishIfNobodyDoes(int wanted, LongSupplier heldBytes) {
    if (making.tryLock()) {
      try {
        makeMissing(wanted, heldBytes);
      } finally {
        making.unlock();
      }
    }
  }

  private void makeMissing(int wanted, LongSupplier heldBytes) {
    try {
      while (spares.size() < wanted) {
        // In this order: a spare that is taken meanwhile counts twice rather than not at all.
        long bytes = spareBytes.get();
        if (bytes + heldBytes.getAsLong() + size > limits.quotaBytes()) {
          noRoom("its quota of " + limits.quotaBytes() + " bytes is used up");
          return;
        }
        offer(make());
      }
      exhausted = false;
      trouble = "";
    } catch (IOException e) {
      noRoom(disk.folder() + ": " + e.getMessage());
    }
  }

  private void noRoom(String reason) {
    trouble = reason;
    exhausted = spares.isEmpty();
  }

  private void offer(Segment spare) {
    spareBytes.addAndGet(spare.capacity());
    spares.add(spare);
  }

  /** Takes back a segment whose records are delivered; the janitor's. */
  void takeBack(Segment segment) throws IOException {
    if (!isSpareAgain(segment)) {
      segment.discard();
    }
  }

  /**
   * Nobody makes one meanwhile: spares are taken in the order in which they are offered, and read
   * in the order of their numbers.
   */
  private boolean isSpareAgain(Segment segment) throws IOException {
    making.lock();
    try {
      boolean isWanted = spares.size() < READY && segment.capacity() == size;
      if (!isWanted || !segment.recycle(nextName())) {
        return false;
      }
      offer(segment);
      return true;
    } finally {
      making.unlock();
    }
  }

  /**
   * Whether spares are taken faster than the janitor looks: it is woken then and not each time,
   * because that is a system call in a caller's thread.
   */
  boolean isLow() {
    return spares.size() < READY - 1;
  }

  /** True when no more spares can be made for now. */
  boolean isExhausted() {
    return exhausted;
  }

  /** Why spares are missing; empty when none are. */
  String trouble() {
    return trouble;
  }

  long bytes() {
    return spareBytes.get();
  }

  /** Removes the spares. */
  void close() throws IOException {
    for (Segment spare = spares.poll(); spare != null; spare = spares.poll()) {
      spare.discard();
    }
  }
}
