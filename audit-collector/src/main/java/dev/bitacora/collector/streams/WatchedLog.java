package dev.bitacora.collector.streams;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.streams.ControlRecord.Predecessor;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The streams of one log for as long as it is ours. Safe for any thread.
 *
 * <p>Two clocks, both moved by what the log took and, while it is known to be at its end, by our
 * own clock. <b>Time</b> is the append time up to which everything is settled: a gap is judged by
 * it. <b>Quiet</b> is the same without the pauses in which nobody could write, because a broker
 * that was down for an hour must not make everybody silent: of a pause in the log at most {@link
 * #LONGEST_STEP} counts.
 */
final class WatchedLog {
  /** Streams that are watched in one log; beyond that, the ones heard longest ago are forgotten. */
  static final int MOST_STREAMS = 20_000;

  private static final Duration LONGEST_STEP = Duration.ofSeconds(15);
  private static final Duration NOTHING_EXPECTED = Duration.ofHours(1);
  private static final int MOST_HEIRS = 10_000;

  private final String name;
  private final boolean isInOrder;
  private final long oursSinceMillis;
  private final WatchSettings settings;
  private final Map<StreamId, WatchedStream> streams = new HashMap<>();
  private final Map<StreamId, Heir> heirs = new HashMap<>();
  private long time;
  private long quiet;
  private boolean isAtTheEnd;
  private boolean isRebuilt;

  /** The stream that was looked up last: records of one stream often follow each other. */
  private WatchedStream last;

  /**
   * Whether these numbers are missing.
   *
   * @param began when the stream did
   * @param now the log's time
   */
  record Question(WatchedLog log, StreamId stream, Instant began, Instant now, Hole hole) {}

  /** Somebody says that a stream that we do not know came before it. */
  private record Heir(WatchedStream successor, Predecessor predecessor, Instant since) {}

  /**
   * A log that has just become ours.
   *
   * @param isInOrder true when records are settled in the order in which the log takes them, so
   *     that each tells the time; otherwise {@link #settledThrough} does
   */
  WatchedLog(String name, boolean isInOrder, long nowMillis, WatchSettings settings) {
    this.name = name;
    this.isInOrder = isInOrder;
    this.isAtTheEnd = isInOrder;
    this.oursSinceMillis = nowMillis;
    this.settings = settings;
  }

  String name() {
    return name;
  }

  // ---- what comes in

  /** An event is durable. */
  synchronized void settled(StreamPosition position, AuditEvent event, Instant ingested) {
    if (isInOrder) {
      advance(ingested.toEpochMilli());
    }
    long appended = Math.max(time, ingested.toEpochMilli());
    WatchedStream stream = heard(position, appended);
    if (stream == null) {
      return;
    }
    if (!stream.isNamed()) {
      stream.name(event);
    }
    ControlRecord.of(event)
        .ifPresent(record -> controlled(stream, position.sequence(), record, ingested));
  }

  /**
   * A record that is no event is parked: its number is not missing. It does not tell the time; as
   * long as nothing does, it is left to be found among the dead letters.
   */
  synchronized void parked(StreamPosition position) {
    if (time > 0) {
      heard(position, time);
    }
  }

  /**
   * A hole that shows is as old as the record by which it shows: {@link #time} is still before
   * that, and before the first word about it the beginning of all time.
   */
  private WatchedStream heard(StreamPosition position, long appended) {
    WatchedStream stream = last;
    if (stream == null || !stream.id().equals(position.stream())) {
      if (!WatchedStream.isWatched(position.stream())) {
        return null;
      }
      stream = streams.computeIfAbsent(position.stream(), WatchedStream::new);
      last = stream;
    }
    stream.holes().add(position.sequence(), appended);
    stream.hear(quiet, appended);
    return stream;
  }

  private void controlled(
      WatchedStream stream, long sequence, ControlRecord record, Instant ingested) {
    record.explains(sequence).ifPresent(range -> stream.holes().add(range, time));
    if (record.isSignOfLife()) {
      stream.live(sequence);
    }
    if (record.isHeartbeat() && record.isOfAuditLane()) {
      stream
          .clock()
          .heard(
              Duration.between(ingested, record.time()).toMillis(), record.oldestWaitingMillis());
    }
    if (record.isStop()) {
      stream.end(WatchedStream.End.STOPPED, sequence);
    }
    record.predecessors().forEach(before -> succeed(stream, before, ingested));
  }

  private void succeed(WatchedStream successor, Predecessor before, Instant ingested) {
    if (heirs.size() < MOST_HEIRS) {
      heirs.putIfAbsent(before.stream(), new Heir(successor, before, ingested));
    }
  }

  // ---- time

  /**
   * Everything that the log took up to this moment is settled.
   *
   * @param isAll true when the log holds nothing beyond it
   */
  synchronized void settledThrough(Instant appended, boolean isAll) {
    advance(appended.toEpochMilli());
    isAtTheEnd = isAll;
  }

  private void advance(long appended) {
    if (time == 0) {
      time = appended;
    } else if (appended > time) {
      long step = Math.min(appended - time, LONGEST_STEP.toMillis());
      quiet += step;
      time = appended;
    }
  }

  /** So much time passed for us, and senders could have written. */
  synchronized void pass(long millis) {
    if (isAtTheEnd && time > 0) {
      time += millis;
      quiet += millis;
    }
  }

  synchronized Instant now() {
    return Instant.ofEpochMilli(time);
  }

  // ---- rebuilding

  boolean mayBeRebuiltAt(long nowMillis) {
    return nowMillis >= oursSinceMillis + settings.settling().toMillis();
  }

  synchronized boolean isRebuilt() {
    return isRebuilt;
  }

  /** The store has told what it knows: from now on there may be alarms. */
  synchronized void rebuilt() {
    isRebuilt = true;
  }

  /** The newest record of this log in the store is of this time. */
  synchronized void beginAt(Instant newest) {
    time = Math.max(time, newest.toEpochMilli());
  }

  /** A stream of this log as the store has it. */
  synchronized void recall(StoredStream stored) {
    WatchedStream stream = streams.get(stored.id());
    if (stream == null) {
      stream = new WatchedStream(stored.id());
      stream.hear(quiet, stored.ingested().toEpochMilli());
      streams.put(stored.id(), stream);
    }
    if (!stream.isNamed()) {
      stream.name(stored.newest());
    }
    stream.holes().expectThrough(stored.highest(), stored.ingested().toEpochMilli());
    if (stored.signOfLife().isPresent()) {
      stream.live(stored.signOfLife().getAsLong());
    }
    if (stored.stop().isPresent() && stored.stop().getAsLong() > stored.signOfLife().orElse(-1)) {
      stream.end(WatchedStream.End.STOPPED, stored.stop().getAsLong());
    }
  }

  // ---- judging

  /** Holes that have had their time, and confirmed ones that may have been filled elsewhere. */
  synchronized List<Question> questions(long nowMillis) {
    long noticedBefore = time - settings.gapPatience().toMillis();
    List<Question> questions = new ArrayList<>();
    for (WatchedStream stream : streams.values()) {
      if (!stream.holes().isEmpty()) {
        for (Hole hole : stream.holesToAskAbout(noticedBefore, nowMillis)) {
          questions.add(new Question(this, stream.id(), stream.began(), now(), hole));
        }
      }
    }
    return questions;
  }

  /**
   * The store's answer.
   *
   * @return how many ranges are known as missing now that were not before
   */
  synchronized long answer(Question question, List<SequenceRange> missing, long nowMillis) {
    WatchedStream stream = streams.get(question.stream());
    if (stream == null) {
      return 0;
    }
    stream.answered(question.hole().range(), missing, nowMillis);
    return question.hole().isConfirmed() ? 0 : confirmedIn(stream, question.hole().range());
  }

  private static long confirmedIn(WatchedStream stream, SequenceRange range) {
    return stream.holes().all().stream()
        .filter(hole -> hole.isConfirmed() && hole.range().and(range).isPresent())
        .count();
  }

  /** Living streams that have said nothing for too long, if it is time to ask about them. */
  synchronized List<StreamId> silent(long nowMillis) {
    List<StreamId> silent = new ArrayList<>();
    for (WatchedStream stream : streams.values()) {
      if (isTooLongSilent(stream) && stream.isToAskAboutSilence(nowMillis)) {
        silent.add(stream.id());
      }
    }
    return silent;
  }

  private boolean isTooLongSilent(WatchedStream stream) {
    return stream.isLive() && stream.silentFor(quiet) >= settings.silence().toMillis();
  }

  /** Nobody knows of its end; it may have spoken meanwhile. */
  synchronized void fallSilent(StreamId id) {
    WatchedStream stream = streams.get(id);
    if (stream != null && isTooLongSilent(stream)) {
      stream.fallSilent();
    }
  }

  /**
   * A successor says how a stream ended.
   *
   * @return the alarm, if that is news and its end was not a clean one
   */
  synchronized Optional<Alarm> ended(Succession succession) {
    Predecessor before = succession.predecessor();
    WatchedStream stream = streams.get(before.stream());
    if (stream == null || stream.isEnded() || !succession.isOf(stream.component())) {
      return Optional.empty();
    }
    stream.holes().expectThrough(before.lastSequence(), time);
    stream.end(
        before.isStopped() ? WatchedStream.End.STOPPED : WatchedStream.End.UNCLEAN,
        before.lastSequence());
    return before.isStopped()
        ? Optional.empty()
        : Optional.of(StreamAlarms.uncleanEnd(name, stream, before.lastSequence()));
  }

  synchronized boolean knows(StreamId stream) {
    return streams.containsKey(stream);
  }

  /** What successors in this log said of others since the last call. */
  synchronized List<Succession> successions() {
    List<Succession> said = new ArrayList<>();
    heirs.values().forEach(heir -> said.add(succession(heir)));
    return said;
  }

  private static Succession succession(Heir heir) {
    return new Succession(heir.predecessor(), heir.successor().component(), heir.since());
  }

  /** The successor's word was heeded. */
  synchronized void heeded(StreamId predecessor) {
    heirs.remove(predecessor);
  }

  /** Of a predecessor nothing at all has arrived anywhere: it is watched here. */
  synchronized void adopt(StreamId predecessor) {
    Heir heir = heirs.get(predecessor);
    if (heir != null) {
      WatchedStream stream = streams.computeIfAbsent(predecessor, WatchedStream::new);
      stream.nameLike(heir.successor());
      stream.hear(quiet, time);
    }
  }

  /**
   * Forgets what is over: holes and streams older than we remember, and streams of which nothing is
   * expected.
   *
   * @return a sentence for each stream of which something is given up
   */
  synchronized List<String> forget() {
    List<String> givenUp = new ArrayList<>();
    long oldest = time - settings.remembered().toMillis();
    for (WatchedStream stream : streams.values()) {
      List<Hole> old =
          stream.holes().forgetBefore(oldest).stream().filter(Hole::isConfirmed).toList();
      if (!old.isEmpty()) {
        givenUp.add(StreamAlarms.givenUp(name, stream, old));
      }
    }
    streams.values().removeIf(this::isOver);
    forgetMost();
    last = null;
    return givenUp;
  }

  private boolean isOver(WatchedStream stream) {
    long silentFor = stream.silentFor(quiet);
    boolean isExpected = stream.isLive() || !stream.holes().isEmpty();
    Duration limit = isExpected ? settings.remembered() : NOTHING_EXPECTED;
    return silentFor > limit.toMillis();
  }

  private void forgetMost() {
    int excess = streams.size() - MOST_STREAMS;
    if (excess <= 0) {
      return;
    }
    streams.values().stream()
        .sorted(Comparator.comparingLong((WatchedStream s) -> s.silentFor(quiet)).reversed())
        .limit(excess)
        .map(WatchedStream::id)
        .toList()
        .forEach(streams::remove);
  }

  /** What is wrong now; nothing before the store has told what it knows. */
  synchronized List<Alarm> alarms() {
    List<Alarm> alarms = new ArrayList<>();
    if (isRebuilt) {
      streams.values().forEach(stream -> alarms.addAll(StreamAlarms.of(name, stream)));
    }
    return alarms;
  }

  synchronized int openGaps() {
    return streams.values().stream()
        .mapToInt(stream -> (int) stream.holes().all().stream().filter(Hole::isConfirmed).count())
        .sum();
  }

  synchronized int count(Predicate<WatchedStream> which) {
    return (int) streams.values().stream().filter(which).count();
  }
}
