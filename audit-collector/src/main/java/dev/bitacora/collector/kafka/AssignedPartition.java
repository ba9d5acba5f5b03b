package dev.bitacora.collector.kafka;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as it is ours: which offsets are consumed and not settled, and so how
 * far it may be committed. Confined to the poll thread, except for what {@link Receipt} offers to
 * senders, which only puts a note into a queue.
 */
final class AssignedPartition implements Receipt {
  private final TopicPartition partition;
  private final String log;
  private final Accounts accounts;
  private final Queue<Settled> settlements;

  /** Offsets that hold no record for us are settled, too. */
  private final SettledOffsets settled = new SettledOffsets();

  private final AppendTimes times = new AppendTimes();
  private Instant lastAppended = Instant.EPOCH;

  /** Where reading goes on; 0 as long as we do not know. */
  private long next;

  private boolean begun;
  private long records;
  private long bytes;
  private long committed = -1;
  private volatile boolean ours = true;

  /** A note of a sender: this record is durable. */
  record Settled(AssignedPartition partition, PendingRecord record, Settlement how) {}

  AssignedPartition(TopicPartition partition, Accounts accounts, Queue<Settled> settlements) {
    this.partition = partition;
    this.log = partition.topic() + "/" + partition.partition();
    this.accounts = accounts;
    this.settlements = settlements;
  }

  TopicPartition partition() {
    return partition;
  }

  /** {@code <topic>/<partition>}. */
  String log() {
    return log;
  }

  /**
   * Reading goes on here, and what the log held before and we have not consumed is gone. To be
   * committed even if no record follows: only so does whoever comes after us know how many it lost.
   */
  void startAt(long offset) {
    settled.add(next, offset);
    next = offset;
    begun = true;
  }

  /** A record was polled; offsets ascend, and those that are skipped hold no record. */
  void consumed(long offset, RawRecord raw, Instant appended) {
    if (offset > next) {
      settled.add(next, offset);
    }
    next = offset + 1;
    begun = true;
    records++;
    bytes += raw.size();
    times.add(offset, appended.toEpochMilli());
    lastAppended = appended;
    accounts.consumed(log, raw.size());
  }

  /**
   * A sender's note has arrived at the poll thread.
   *
   * @return the bytes that are not in flight any more
   */
  long settle(PendingRecord record, Settlement how) {
    long offset = record.raw().origin().orElseThrow().offset();
    if (!ours || settled.contains(offset)) {
      return 0; // the partition was released meanwhile
    }
    long size = record.raw().size();
    settled.add(offset);
    records--;
    bytes -= size;
    record.account(accounts, log, how);
    return size;
  }

  boolean isSettled() {
    return records == 0;
  }

  /** When the log took the oldest record that is not settled. */
  Optional<Instant> oldest() {
    return isSettled()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(times.at(settled.mark())));
  }

  /** Everything before it is durable or was never there; empty as long as nothing was read. */
  OptionalLong durableTo() {
    return begun ? OptionalLong.of(settled.mark()) : OptionalLong.empty();
  }

  /** Up to when everything that we have read is settled; the epoch before there is anything. */
  Instant settledThrough() {
    return oldest().orElse(lastAppended);
  }

  /** The offset to commit: everything before it is durable. Empty when that is committed. */
  OptionalLong toCommit() {
    return begun && settled.mark() > committed
        ? OptionalLong.of(settled.mark())
        : OptionalLong.empty();
  }

  /** Kafka confirmed a commit. */
  void committed(long offset) {
    committed = Math.max(committed, offset);
  }

  /**
   * Lets go of what is not settled; senders drop it at their next attempt.
   *
   * @return the bytes that are not in flight any more
   */
  long release() {
    ours = false;
    long released = bytes;
    accounts.released(log, records, bytes);
    records = 0;
    bytes = 0;
    return released;
  }

  @Override
  public void settled(PendingRecord record, Settlement how) {
    settlements.add(new Settled(this, record, how));
  }

  @Override
  public boolean isWanted() {
    return ours;
  }
}
