package dev.bitacora.collector.streams;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.index.LogProgress;
import dev.bitacora.collector.index.Observer;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.streams.WatchedLog.Question;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the streams of the logs that are ours and raises alarms:
 *
 * <ul>
 *   <li>{@value StreamAlarms#GAP}: numbers are missing. Before it says so it asks the store and the
 *       dead letters, so neither a rebalance nor a restart nor a defect of ours makes a false one;
 *       and it goes on asking, so that it ends when they appear in whatever way
 *   <li>{@value StreamAlarms#SILENT}: a living stream says nothing
 *   <li>{@value StreamAlarms#UNCLEAN_END}: a successor says that a stream ended without a word
 *   <li>{@value StreamAlarms#CLOCK_SKEW}: an agent's clock is wrong
 * </ul>
 *
 * One thread asks and raises; whoever settles records only leaves a note, under a lock that nobody
 * holds while asking. When the store does not answer nothing is judged. Safe for any thread between
 * {@link #start} and {@link #close}; what fires when it closes is not resolved, because it may well
 * be true still, and the next owner of the log says so.
 */
public final class StreamWatch implements Observer, LogProgress, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamWatch.class);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final long LONGEST_ROUND_MILLIS = 2_000;

  /**
   * So long after a successor's word about a stream of which nothing is here, it is all missing.
   */
  private static final Duration HEIRS_PATIENCE = Duration.ofMinutes(10);

  /** An unclean end that was said so long ago was told by whoever owned the log then. */
  private static final Duration NEWS = Duration.ofMinutes(15);

  private static final Duration UNCLEAN_ALARM = Duration.ofHours(1);

  private final StoredStreams stored;
  private final DeadLetterPlaces deadLetters;
  private final Alarms alarms;
  private final FiringAlarms firing;
  private final Clock clock;
  private final BooleanSupplier isOpen;
  private final WatchSettings settings;
  private final Map<String, WatchedLog> logs = new ConcurrentHashMap<>();
  private final AtomicLong gaps = new AtomicLong();
  private final AtomicLong uncleanEnds = new AtomicLong();
  private final Thread thread = new Thread(this::run, "bitacora-streams");
  private final CountDownLatch closing = new CountDownLatch(1);
  private long lastRoundMillis;
  private boolean isTroubled;

  /**
   * Asks nobody anything until started.
   *
   * @param isOpen whether senders could write now, if they had something to say; may take its time
   */
  public StreamWatch(
      AuditStore store,
      DeadLetters deadLetters,
      Alarms alarms,
      Clock clock,
      BooleanSupplier isOpen,
      WatchSettings settings) {
    this.stored = new StoredStreams(store);
    this.deadLetters = new DeadLetterPlaces(deadLetters);
    this.alarms = alarms;
    this.firing = new FiringAlarms(alarms);
    this.clock = clock;
    this.isOpen = isOpen;
    this.settings = settings;
    this.lastRoundMillis = clock.millis();
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Down when the thread died. */
  public Condition alive() {
    return thread.isAlive()
        ? Condition.up("streams are watched")
        : Condition.down("the thread that watches streams died; restart the collector");
  }

  /** The streams of all our logs. */
  public StreamCounts counts() {
    int live = 0;
    int silent = 0;
    int openGaps = 0;
    for (WatchedLog log : logs.values()) {
      live += log.count(WatchedStream::isLive);
      silent += log.count(WatchedStream::isSilent);
      openGaps += log.openGaps();
    }
    return new StreamCounts(live, silent, openGaps, gaps.get(), uncleanEnds.get());
  }

  /** True while something is known of it. */
  boolean knows(StreamId stream) {
    return logs.values().stream().anyMatch(log -> log.knows(stream));
  }

  // ---- what others tell

  @Override
  public void settled(PendingRecord record, Settlement how) {
    Optional<NewEvent> event = record.event();
    if (event.isPresent()) {
      NewEvent settled = event.get();
      WatchedLog log = logs.get(settled.log().log());
      if (log != null) {
        log.settled(settled.position(), settled.event(), settled.ingested());
      }
    } else {
      record
          .raw()
          .origin()
          .map(origin -> logs.get(origin.log()))
          .ifPresent(log -> park(record.raw(), log));
    }
  }

  private static void park(RawRecord raw, WatchedLog log) {
    DeadLetterPlaces.placeOf(raw).ifPresent(log::parked);
  }

  @Override
  public void assigned(String log) {
    logs.put(log, new WatchedLog(log, false, clock.millis(), settings));
  }

  /** As {@link #assigned}, for a log that settles each record before it takes the next. */
  public void assignedInOrder(String log) {
    logs.put(log, new WatchedLog(log, true, clock.millis(), settings));
  }

  @Override
  public void revoked(String log) {
    logs.remove(log);
  }

  @Override
  public void settledThrough(String log, Instant appended, boolean isAll) {
    WatchedLog ours = logs.get(log);
    if (ours != null) {
      ours.settledThrough(appended, isAll);
    }
  }

  // ---- the thread's work

  private void run() {
    try {
      while (!closing.await(ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
        doWork();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round: lets time pass, asks what must be asked, and says what is wrong now. */
  void doWork() {
    passTime();
    try {
      logs.values().forEach(this::attend);
      troubled(false, "");
    } catch (StoreException | DeadLetterPlaces.Unreadable e) {
      troubled(true, e.getMessage());
    }
    firing.become(logs.values().stream().flatMap(log -> log.alarms().stream()).toList());
  }

  /** A store that does not answer ends the round; a defect of ours costs one log its turn. */
  private void attend(WatchedLog log) {
    try {
      if (log.isRebuilt()) {
        judge(log);
      } else if (log.mayBeRebuiltAt(clock.millis())) {
        rebuild(log);
      }
    } catch (StoreException | DeadLetterPlaces.Unreadable e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("Streams: {} could not be judged; the next round tries again", log.name(), e);
    }
  }

  /** While nobody can write, silence says nothing. A process that stood still lost no time. */
  private void passTime() {
    boolean couldWrite = isOpen.getAsBoolean();
    long now = clock.millis();
    long passed = Math.max(0, Math.min(now - lastRoundMillis, LONGEST_ROUND_MILLIS));
    lastRoundMillis = now;
    if (couldWrite) {
      logs.values().forEach(log -> log.pass(passed));
    }
  }

  private void rebuild(WatchedLog log) {
    Optional<Instant> newest = stored.newestOf(log.name());
    if (newest.isPresent()) {
      log.beginAt(newest.get());
      Instant from = newest.get().minus(settings.remembered());
      for (StreamId stream : stored.streamsOf(log.name(), from)) {
        stored.recall(stream).ifPresent(log::recall);
      }
    }
    log.rebuilt();
  }

  private void judge(WatchedLog log) {
    heed(log);
    for (StreamId silent : log.silent(clock.millis())) {
      stored.successorsOf(silent).forEach(said -> ended(log, said));
      log.fallSilent(silent);
    }
    log.forget().forEach(sentence -> LOG.error("Streams: {}", sentence));
    askStore(log.questions(clock.millis()));
  }

  /** The dead letters have no index: they are read once for all that the store does not have. */
  private void askStore(List<Question> questions) {
    Map<Question, Holes> missing = new LinkedHashMap<>();
    for (Question question : questions) {
      List<SequenceRange> notStored = stored.missing(question.stream(), remembered(question));
      if (notStored.isEmpty()) {
        answer(question, notStored);
      } else {
        missing.put(question, Holes.of(notStored, 0));
      }
    }
    if (!missing.isEmpty()) {
      deadLetters.fill(missing);
      missing.forEach((question, holes) -> answer(question, holes.ranges()));
    }
  }

  private void answer(Question question, List<SequenceRange> missing) {
    gaps.addAndGet(question.log().answer(question, missing, clock.millis()));
  }

  /**
   * A stream that has run for longer than we remember is not asked for its beginning, which may be
   * expired.
   */
  private SequenceRange remembered(Question question) {
    Hole hole = question.hole();
    Instant oldest = question.now().minus(settings.remembered());
    if (hole.first() > 0 || hole.isConfirmed() || question.began().isAfter(oldest)) {
      return hole.range();
    }
    long from = stored.oldestSince(question.stream(), oldest).orElse(hole.last());
    return new SequenceRange(Math.min(from, hole.last()), hole.last());
  }

  /** Who came after a stream knows how it ended; most often the stream is in another log. */
  private void heed(WatchedLog log) {
    for (Succession said : log.successions()) {
      StreamId predecessor = said.predecessor().stream();
      Optional<WatchedLog> home =
          logs.values().stream().filter(other -> other.knows(predecessor)).findFirst();
      if (home.isPresent()) {
        ended(home.get(), said);
        log.heeded(predecessor);
      } else if (log.now().isAfter(said.at().plus(HEIRS_PATIENCE))) {
        inherit(log, said);
      }
    }
  }

  private void inherit(WatchedLog log, Succession said) {
    StreamId predecessor = said.predecessor().stream();
    if (!stored.hasAnyOf(predecessor)) {
      log.adopt(predecessor);
      ended(log, said);
    }
    log.heeded(predecessor);
  }

  private void ended(WatchedLog log, Succession said) {
    Optional<Alarm> unclean = log.ended(said);
    if (unclean.isPresent()) {
      uncleanEnds.incrementAndGet();
      LOG.warn("Streams: {}", unclean.get().summary());
      if (said.at().isAfter(log.now().minus(NEWS))) {
        alarms.fireFor(unclean.get(), UNCLEAN_ALARM);
      }
    }
  }

  /** One line when it begins, one when it ends. */
  private void troubled(boolean is, String why) {
    if (is && !isTroubled) {
      LOG.warn("Streams: began failing to ask for what is missing: {}", why);
    } else if (!is && isTroubled) {
      LOG.info("Streams: what is missing can be asked for again");
    }
    isTroubled = is;
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(ROUND.multipliedBy(5).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
