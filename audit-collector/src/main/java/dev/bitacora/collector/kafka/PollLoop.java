package dev.bitacora.collector.kafka;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.index.Batcher;
import dev.bitacora.collector.index.LogProgress;
import dev.bitacora.collector.index.LogRecord;
import dev.bitacora.collector.index.Senders;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.store.LogPosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll thread's work: reads, hands batches to senders, books what they settled, commits. All
 * state is confined to that thread, except what says otherwise.
 */
final class PollLoop implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
  private static final Duration COMMIT_TIME = Duration.ofSeconds(5);
  private static final Duration REVOKE_TIME = Duration.ofSeconds(5);
  private static final Duration TROUBLE_TIME = Duration.ofSeconds(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final IndexerSettings settings;
  private final Senders senders;
  private final Accounts accounts;
  private final LogEnds ends;
  private final Clock clock;
  private final LogProgress progress;
  private final Consumer<Throwable> troubled;
  private final Batcher batcher = new Batcher();
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();

  /** Several senders add to it for each record: without a lock. */
  private final BlockingQueue<AssignedPartition.Settled> settlements = new LinkedTransferQueue<>();

  private long inFlightBytes;
  private boolean paused;
  private long lastCommit = System.nanoTime();
  private volatile boolean running = true;
  private volatile boolean everAssigned;
  private volatile int assignedNow;
  private volatile Map<String, Lag> lags = Map.of();

  /**
   * Takes a consumer that nobody else touches.
   *
   * @param progress hears what is ours and how far it is durable
   * @param troubled is told what is wrong with Kafka, or null when nothing is
   */
  PollLoop(
      KafkaConsumer<byte[], byte[]> consumer,
      IndexerSettings settings,
      Senders senders,
      Accounts accounts,
      LogEnds ends,
      Clock clock,
      LogProgress progress,
      Consumer<Throwable> troubled) {
    this.consumer = consumer;
    this.settings = settings;
    this.senders = senders;
    this.accounts = accounts;
    this.ends = ends;
    this.clock = clock;
    this.progress = progress;
    this.troubled = troubled;
  }

  /** Ends {@link #run} soon. From any thread. */
  void stop() {
    running = false;
    consumer.wakeup();
  }

  /** Whether the group has given us partitions. From any thread. */
  Condition assignment() {
    if (!everAssigned) {
      return Condition.down("waits for the consumer group to assign partitions");
    }
    return Condition.up(assignedNow + " partitions assigned");
  }

  /** Of each assigned partition of which we know where it ends. From any thread. */
  Map<String, Lag> lags() {
    return lags;
  }

  /** Works until stopped; then gives what is in flight its time and commits. */
  void run() {
    consumer.subscribe(Topics.INDEXED, this);
    try {
      while (running) {
        turn();
      }
    } catch (WakeupException e) {
      // stop() woke the consumer
    } finally {
      finish();
    }
  }

  private void turn() {
    try {
      take(consumer.poll(shorter(POLL, batcher.timeLeft())));
      troubled.accept(null);
    } catch (NoOffsetForPartitionException e) {
      startAtTheEarliest(e.partitions());
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().forEach(this::overtaken);
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      troubled.accept(e);
      settleFor(TROUBLE_TIME, Set.of());
    }
    hand(batcher.takeOld());
    settleArrived();
    applyBackpressure();
    if (System.nanoTime() - lastCommit > COMMIT_EVERY.toNanos()) {
      lastCommit = System.nanoTime();
      commitSoon();
      measureLag();
      tellProgress();
    }
  }

  private void take(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      take(records.records(partition), assigned.get(partition));
    }
  }

  private void take(List<ConsumerRecord<byte[], byte[]>> records, AssignedPartition partition) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      RawRecord raw = raw(record, partition.log());
      Instant appended = Instant.ofEpochMilli(record.timestamp());
      partition.consumed(record.offset(), raw, appended);
      inFlightBytes += raw.size();
      hand(batcher.add(new LogRecord(raw, appended, partition)));
    }
  }

  /** A record as it came, with its place. */
  static RawRecord raw(ConsumerRecord<byte[], byte[]> record, String log) {
    Header[] found = record.headers().toArray();
    KafkaHeaders.Header[] headers = new KafkaHeaders.Header[found.length];
    for (int i = 0; i < found.length; i++) {
      headers[i] = new KafkaHeaders.Header(KafkaHeaders.name(found[i].key()), found[i].value());
    }
    return new RawRecord(
        Optional.of(new LogPosition(log, record.offset())),
        "",
        Optional.ofNullable(record.key()),
        List.of(headers),
        Optional.ofNullable(record.value()));
  }

  private void hand(List<LogRecord> batch) {
    if (!batch.isEmpty()) {
      senders.deliver(batch);
    }
  }

  private void settleArrived() {
    AssignedPartition.Settled settled;
    while ((settled = settlements.poll()) != null) {
      settle(settled);
    }
  }

  private void settle(AssignedPartition.Settled settled) {
    inFlightBytes -= settled.partition().settle(settled.record(), settled.how());
  }

  /** Books what senders settle until these partitions have nothing in flight or time is up. */
  private void settleFor(Duration time, Collection<AssignedPartition> partitions) {
    long deadline = System.nanoTime() + time.toNanos();
    settleArrived();
    while (partitions.isEmpty() ? running : !allSettled(partitions)) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      try {
        AssignedPartition.Settled settled =
            settlements.poll(Math.min(left, POLL.toNanos()), TimeUnit.NANOSECONDS);
        if (settled != null) {
          settle(settled);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean allSettled(Collection<AssignedPartition> partitions) {
    return partitions.stream().allMatch(AssignedPartition::isSettled);
  }

  /**
   * Above the limit nothing is read, and at three quarters of it all is; polling goes on meanwhile.
   * At a half the writers had one batch each, and the store fewer while the next ones were read.
   */
  private void applyBackpressure() {
    if (!paused && inFlightBytes > settings.maxInFlightBytes()) {
      paused = true;
      consumer.pause(consumer.assignment());
      LOG.debug("Indexer: {} bytes in flight, reading pauses", inFlightBytes);
    } else if (paused && inFlightBytes <= settings.maxInFlightBytes() / 4 * 3) {
      paused = false;
      consumer.resume(consumer.assignment());
      LOG.debug("Indexer: {} bytes in flight, reading goes on", inFlightBytes);
    }
  }

  // ---- offsets

  private Map<TopicPartition, OffsetAndMetadata> toCommit(
      Collection<AssignedPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (AssignedPartition partition : partitions) {
      partition
          .toCommit()
          .ifPresent(offset -> offsets.put(partition.partition(), new OffsetAndMetadata(offset)));
    }
    return offsets;
  }

  private void commitSoon() {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(assigned.values());
    if (!offsets.isEmpty()) {
      consumer.commitAsync(offsets, this::committed);
    }
  }

  /** The consumer calls this in the poll thread. A failure is made good by the next commit. */
  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    if (failure != null) {
      LOG.debug("Indexer: a commit failed and will be repeated", failure);
      return;
    }
    offsets.forEach(
        (partition, offset) -> {
          AssignedPartition ours = assigned.get(partition);
          if (ours != null) {
            ours.committed(offset.offset());
          }
        });
  }

  private void commitNow(Collection<AssignedPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, COMMIT_TIME);
      committed(offsets, null);
    } catch (WakeupException | RebalanceInProgressException e) {
      retryCommit(offsets);
    } catch (KafkaException e) {
      warnOfCommit(e);
    }
  }

  private void retryCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      consumer.commitSync(offsets, COMMIT_TIME);
      committed(offsets, null);
    } catch (KafkaException e) {
      warnOfCommit(e);
    }
  }

  private static void warnOfCommit(KafkaException e) {
    LOG.warn(
        "Indexer: the last offsets could not be committed ({}); what follows them is delivered"
            + " again and kept once",
        e.toString());
  }

  private void startAtTheEarliest(Set<TopicPartition> partitions) {
    consumer
        .beginningOffsets(partitions)
        .forEach(
            (partition, earliest) -> {
              if (earliest > 0) {
                LOG.warn(
                    "Indexer: {} has no committed offset and begins at {}: either this group is new"
                        + " or its offsets expired; records before that are gone from Kafka",
                    partition,
                    earliest);
              } else {
                LOG.info("Indexer: {} has no committed offset; starting at 0", partition);
              }
              startAt(partition, earliest);
            });
  }

  /** Kafka does not have the offset any more that we want to read. */
  private void overtaken(TopicPartition partition, long wanted) {
    long earliest = consumer.beginningOffsets(Set.of(partition)).get(partition);
    AssignedPartition ours = assigned.get(partition);
    if (earliest > wanted) {
      LOG.error(
          "Indexer: CRITICAL: retention overtook us: {} offsets {} to {} were deleted before they"
              + " were read; going on at {}",
          partition,
          wanted,
          earliest - 1,
          earliest);
      accounts.lost(ours.log(), earliest - wanted);
    } else {
      LOG.error(
          "Indexer: CRITICAL: {} ends before offset {}: the topic was made anew or lost records;"
              + " going on at its earliest, {}",
          partition,
          wanted,
          earliest);
      inFlightBytes -= ours.release();
      assigned.put(partition, new AssignedPartition(partition, accounts, settlements));
    }
    startAt(partition, earliest);
  }

  private void startAt(TopicPartition partition, long offset) {
    consumer.seek(partition, offset);
    assigned.get(partition).startAt(offset);
  }

  // ---- rebalancing, called by the consumer inside poll() and close()

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      AssignedPartition ours = new AssignedPartition(partition, accounts, settlements);
      assigned.put(partition, ours);
      progress.assigned(ours.log());
    }
    if (paused) {
      consumer.pause(partitions);
    }
    everAssigned = true;
    assignedNow = assigned.size();
    if (!partitions.isEmpty()) {
      LOG.info("Indexer: got {}", partitions);
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    List<AssignedPartition> going = going(partitions);
    hand(batcher.take());
    if (!going.isEmpty() && running) {
      settleFor(REVOKE_TIME, going);
    }
    commitNow(going);
    forget(going);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    forget(going(partitions));
  }

  private List<AssignedPartition> going(Collection<TopicPartition> partitions) {
    return partitions.stream().map(assigned::get).filter(partition -> partition != null).toList();
  }

  private void forget(Collection<AssignedPartition> going) {
    for (AssignedPartition partition : going) {
      inFlightBytes -= partition.release();
      assigned.remove(partition.partition());
      progress.revoked(partition.log());
    }
    forgetLag(going);
    if (!going.isEmpty()) {
      LOG.info("Indexer: gave {}", going.stream().map(AssignedPartition::partition).toList());
    }
  }

  /** Another collector tells of it from now on: no partition is to be counted twice. */
  private void forgetLag(Collection<AssignedPartition> going) {
    Map<String, Lag> left = new HashMap<>(lags);
    going.forEach(partition -> left.remove(partition.log()));
    lags = Map.copyOf(left);
    assignedNow = assigned.size();
  }

  private void finish() {
    hand(batcher.take());
    List<AssignedPartition> all = List.copyOf(assigned.values());
    if (!running && !all.isEmpty()) {
      settleFor(settings.flushTime(), all);
    }
    commitNow(all);
    forget(all);
  }

  private void measureLag() {
    ends.ask(assigned.keySet());
    Instant now = clock.instant();
    Map<String, Lag> measured = new HashMap<>();
    for (AssignedPartition partition : assigned.values()) {
      lag(partition, now).ifPresent(lag -> measured.put(partition.log(), lag));
    }
    lags = Map.copyOf(measured);
  }

  private Optional<Lag> lag(AssignedPartition partition, Instant now) {
    OptionalLong end = ends.of(partition.partition());
    OptionalLong durable = durableTo(partition);
    if (end.isEmpty() || durable.isEmpty()) {
      return Optional.empty();
    }
    Duration age =
        partition.oldest().map(oldest -> Duration.between(oldest, now)).orElse(Duration.ZERO);
    return Optional.of(
        new Lag(
            Math.max(0, end.getAsLong() - durable.getAsLong()),
            age.isNegative() ? Duration.ZERO : age));
  }

  /** Where nothing was read yet, that is where reading is to begin, once the consumer knows. */
  private OptionalLong durableTo(AssignedPartition partition) {
    if (partition.durableTo().isPresent()) {
      return partition.durableTo();
    }
    try {
      return OptionalLong.of(consumer.position(partition.partition(), Duration.ZERO));
    } catch (KafkaException e) {
      return OptionalLong.empty(); // asked for, and not known yet
    }
  }

  /** A settlement that we have booked was seen by every observer before. */
  private void tellProgress() {
    for (AssignedPartition partition : assigned.values()) {
      Lag lag = lags.get(partition.log());
      boolean isAll = partition.isSettled() && lag != null && lag.records() == 0;
      progress.settledThrough(partition.log(), partition.settledThrough(), isAll);
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
