package dev.bitacora.collector.kafka;

import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.Closing;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.Resolution;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import dev.bitacora.collector.index.Batcher;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.index.LogRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import dev.bitacora.collector.replay.NothingReplayedException;
import dev.bitacora.collector.replay.Redelivery;
import dev.bitacora.collector.replay.ReplayCounts;
import dev.bitacora.collector.replay.ReplayStoppedException;
import dev.bitacora.collector.replay.ReplayTally;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.Retention;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes what stands in the topics of events and logs to the store once more, from a place to the
 * end that the topics have at the start, by the way that every record goes. It reads with a
 * consumer of its own and never touches the collectors' offsets; what the store has already is a
 * duplicate. A record that is a dead letter already is not parked a second time, and one that can
 * be stored by now closes its dead letter. May be interrupted anywhere and started again. One
 * replay at a time.
 */
public final class TopicReplay {
  private final KafkaConnection connection;
  private final DeadLetters letters;
  private final Clock clock;
  private final Redelivery redelivery;

  /** Open letters by their place in the log, known while a replay runs. */
  private final Map<LogPosition, List<Parked>> parked = new HashMap<>();

  private record Parked(DeadLetterId id, DeadLetterReason reason) {}

  /**
   * Connects when a replay starts.
   *
   * @param retention the store's
   */
  public TopicReplay(
      KafkaConnection connection,
      AuditStore store,
      Retention retention,
      DeadLetters letters,
      Clock clock) {
    this(connection, store, retention, letters, clock, Redelivery.PATIENCE);
  }

  TopicReplay(
      KafkaConnection connection,
      AuditStore store,
      Retention retention,
      DeadLetters letters,
      Clock clock,
      Duration patience) {
    this.connection = connection;
    this.letters = letters;
    this.clock = clock;
    this.redelivery =
        new Redelivery(
            new Delivery(store, retention, this::parkNews, Measurements.NONE, clock), patience);
  }

  /** Told how far a replay is. */
  public interface Progress {
    /**
     * After every batch.
     *
     * @param records that the replay will have read at its end, about
     */
    void at(ReplayCounts counts, long records);
  }

  /**
   * Replays one partition from an offset on.
   *
   * @throws NothingReplayedException when there is no such place
   */
  public ReplayCounts fromOffset(LogPosition place, Progress progress)
      throws NothingReplayedException, ReplayStoppedException, DeadLettersUnavailableException {
    return replay(reader -> Map.of(partition(place, reader), place.offset()), progress);
  }

  /** Replays all partitions from the first record that was appended at that moment or later. */
  public ReplayCounts fromTime(Instant since, Progress progress)
      throws NothingReplayedException, ReplayStoppedException, DeadLettersUnavailableException {
    return replay(reader -> reader.firstSince(since.toEpochMilli()), progress);
  }

  private interface Start {
    Map<TopicPartition, Long> offsets(TopicReader reader) throws NothingReplayedException;
  }

  private ReplayCounts replay(Start start, Progress progress)
      throws NothingReplayedException, ReplayStoppedException, DeadLettersUnavailableException {
    try (TopicReader reader = new TopicReader(connection, Topics.INDEXED)) {
      Map<TopicPartition, Long> from = start.offsets(reader);
      rememberParked(from);
      long records = 0;
      for (Map.Entry<TopicPartition, Long> entry : from.entrySet()) {
        records += reader.ends().get(entry.getKey()) - entry.getValue();
      }
      return new Run(progress, records).replay(reader, from);
    } catch (TopicReader.StalledException e) {
      throw new ReplayStoppedException("replay: " + e.getMessage(), e);
    } catch (KafkaException e) {
      throw new ReplayStoppedException("replay: " + KafkaTrouble.explain(e, connection), e);
    } finally {
      parked.clear();
    }
  }

  private static TopicPartition partition(LogPosition place, TopicReader reader)
      throws NothingReplayedException {
    for (Map.Entry<TopicPartition, Long> end : reader.ends().entrySet()) {
      if (log(end.getKey()).equals(place.log())) {
        long beginning = reader.beginnings().get(end.getKey());
        if (place.offset() < beginning || place.offset() > end.getValue()) {
          throw new NothingReplayedException(
              "%s has the offsets %d to %d; %d is none of them"
                  .formatted(place.log(), beginning, end.getValue() - 1, place.offset()));
        }
        return end.getKey();
      }
    }
    throw new NothingReplayedException(
        "there is no "
            + place.log()
            + "; there are "
            + String.join(
                ", ", reader.ends().keySet().stream().map(TopicReplay::log).sorted().toList()));
  }

  private static String log(TopicPartition partition) {
    return partition.topic() + "/" + partition.partition();
  }

  private void rememberParked(Map<TopicPartition, Long> from)
      throws DeadLettersUnavailableException {
    Map<String, Long> starts = new HashMap<>();
    from.forEach((partition, offset) -> starts.put(log(partition), offset));
    letters.read(
        letter -> {
          letter
              .letter()
              .record()
              .origin()
              .filter(
                  origin -> origin.offset() >= starts.getOrDefault(origin.log(), Long.MAX_VALUE))
              .ifPresent(origin -> remember(origin, letter));
          return true;
        });
  }

  private void remember(LogPosition origin, StoredDeadLetter letter) {
    parked
        .computeIfAbsent(origin, unused -> new ArrayList<>(1))
        .add(new Parked(letter.id(), letter.letter().reason()));
  }

  /** What is a dead letter already stays the one that it is. */
  private void parkNews(List<DeadLetter> poisoned) throws DeadLettersUnavailableException {
    List<DeadLetter> news =
        poisoned.stream()
            .filter(letter -> !parked.containsKey(letter.record().origin().orElseThrow()))
            .toList();
    if (!news.isEmpty()) {
      letters.add(news);
    }
  }

  /** One replay; confined to its thread. */
  private final class Run implements Receipt {
    private final ReplayTally tally = new ReplayTally();
    private final Batcher batcher = new Batcher();
    private final List<Closing> closings = new ArrayList<>();
    private final Progress progress;
    private final long records;
    private ReplayStoppedException stopped;
    private DeadLettersUnavailableException unavailable;

    Run(Progress progress, long records) {
      this.progress = progress;
      this.records = records;
    }

    ReplayCounts replay(TopicReader reader, Map<TopicPartition, Long> from)
        throws TopicReader.StalledException,
            ReplayStoppedException,
            DeadLettersUnavailableException {
      reader.read(from, this::take);
      boolean unused = isFine() && deliver(batcher.take());
      if (stopped != null) {
        throw stopped;
      }
      if (unavailable != null) {
        throw unavailable;
      }
      return tally.counts();
    }

    private boolean isFine() {
      return stopped == null && unavailable == null;
    }

    private boolean take(ConsumerRecord<byte[], byte[]> record) {
      tally.read();
      String log = record.topic() + "/" + record.partition();
      return deliver(
          batcher.add(
              new LogRecord(
                  PollLoop.raw(record, log), Instant.ofEpochMilli(record.timestamp()), this)));
    }

    private boolean deliver(List<LogRecord> batch) {
      if (batch.isEmpty()) {
        return true;
      }
      try {
        redelivery.deliver(batch.stream().map(LogRecord::read).toList());
      } catch (ReplayStoppedException e) {
        stopped = e;
      }
      try {
        letters.close(closings);
        tally.closed(closings.size());
        closings.clear();
      } catch (DeadLettersUnavailableException e) {
        unavailable = e;
      }
      progress.at(tally.counts(), records);
      return isFine();
    }

    @Override
    public void settled(PendingRecord record, Settlement how) {
      tally.settled(how);
      if (how == Settlement.DEADLETTERED) {
        return;
      }
      List<Parked> found = parked.remove(record.raw().origin().orElseThrow());
      if (found != null) {
        found.forEach(
            letter ->
                closings.add(
                    new Closing(letter.id(), letter.reason(), Resolution.STORED, clock.instant())));
      }
    }

    @Override
    public boolean isWanted() {
      return true;
    }
  }
}
