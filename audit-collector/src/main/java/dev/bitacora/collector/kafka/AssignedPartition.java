package dev.bitacora.collector.kafka;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as it is ours: which offsets are consumed and not settled, and so how
 * far it may be committed. Confined to the poll thread, except for what {@link Receipt} offers to
 * senders, which only puts a note into a queue.
 */
final class AssignedPartition implements Receipt {
  private final TopicPartition partition;
  private final Accounts accounts;
  private final Queue<Settled> settlements;

  /** Consumed and not settled; as many as the limit of bytes in flight permits. */
  private final TreeMap<Long, Outstanding> outstanding = new TreeMap<>();

  private long next = -1;
  private long committed = -1;
  private volatile boolean ours = true;

  /** A note of a sender: this record is durable. */
  record Settled(AssignedPartition partition, PendingRecord record, Settlement how) {}

  private record Outstanding(long bytes, Instant appended) {}

  AssignedPartition(TopicPartition partition, Accounts accounts, Queue<Settled> settlements) {
    this.partition = partition;
    this.accounts = accounts;
    this.settlements = settlements;
  }

  TopicPartition partition() {
    return partition;
  }

  /** {@code <topic>/<partition>}. */
  String log() {
    return partition.topic() + "/" + partition.partition();
  }

  /** A record was polled. */
  void consumed(long offset, RawRecord raw, Instant appended) {
    outstanding.put(offset, new Outstanding(raw.size(), appended));
    next = offset + 1;
    accounts.consumed(log(), raw.size());
  }

  /**
   * A sender's note has arrived at the poll thread.
   *
   * @return the bytes that are not in flight any more
   */
  long settle(PendingRecord record, Settlement how) {
    Outstanding done = outstanding.remove(record.raw().origin().orElseThrow().offset());
    if (done == null) {
      return 0; // the partition was released meanwhile
    }
    record.account(accounts, log(), how);
    return done.bytes();
  }

  boolean isSettled() {
    return outstanding.isEmpty();
  }

  /** When the log took the oldest record that is not settled. */
  java.util.Optional<Instant> oldest() {
    return outstanding.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(outstanding.firstEntry().getValue().appended());
  }

  /** The offset to commit: everything before it is durable. Empty when that is committed. */
  OptionalLong toCommit() {
    long safe = outstanding.isEmpty() ? next : outstanding.firstKey();
    return safe > committed ? OptionalLong.of(safe) : OptionalLong.empty();
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
    long bytes = 0;
    for (Map.Entry<Long, Outstanding> entry : outstanding.entrySet()) {
      accounts.settled(log(), entry.getValue().bytes(), Settlement.RELEASED);
      bytes += entry.getValue().bytes();
    }
    outstanding.clear();
    return bytes;
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
