package dev.bitacora.collector.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.deadletter.Closing;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.StoreIntakeLog;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.WriteResult.Status;
import dev.bitacora.store.lucene.LuceneStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of dead letters that are tried again, on a real store with a saboteur before it. */
final class DeadLetterReplayTest {
  private final Instant appended = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);

  @TempDir Path data;

  private final TestStream stream = new TestStream();
  private LuceneStore lucene;
  private SabotagedStore store;
  private FailingClose letters;
  private DeadLetterReplay replay;

  /** Files whose closings can be made to fail, as when a replay is killed before them. */
  private static final class FailingClose implements DeadLetters {
    private final DeadLetterFiles files;
    private boolean fails;

    FailingClose(DeadLetterFiles files) {
      this.files = files;
    }

    @Override
    public void start() throws DeadLettersUnavailableException {
      files.start();
    }

    @Override
    public void add(List<DeadLetter> added) throws DeadLettersUnavailableException {
      files.add(added);
    }

    @Override
    public void close(List<Closing> closings) throws DeadLettersUnavailableException {
      if (fails) {
        throw new DeadLettersUnavailableException("the disk is full", null);
      }
      files.close(closings);
    }

    @Override
    public void read(Visitor visitor) throws DeadLettersUnavailableException {
      files.read(visitor);
    }

    @Override
    public void close() {
      files.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    lucene = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    lucene.start();
    store = new SabotagedStore(lucene);
    letters = new FailingClose(new DeadLetterFiles(data.resolve("dlq")));
    letters.start();
    replay = replay();
  }

  private DeadLetterReplay replay() {
    Clock clock = Clock.systemUTC();
    Delivery delivery = new Delivery(store, Retention.DEFAULT, letters, Measurements.NONE, clock);
    Accounts accounts = new Accounts();
    IntakeService intake =
        new IntakeService(
            new StoreIntakeLog(delivery, accounts, Map.of("bitacora.audit/0", 999L), clock),
            letters,
            accounts,
            position ->
                store.get(position.eventId(), Query.ALL).stream()
                    .findFirst()
                    .map(DeadLetterReplayTest::event),
            clock);
    return new DeadLetterReplay(
        letters, new Redelivery(delivery, Duration.ofMillis(300)), intake, clock);
  }

  private static dev.bitacora.core.event.AuditEvent event(StoredEvent stored) {
    try {
      return dev.bitacora.core.event.AuditEvent.parse(stored.original());
    } catch (dev.bitacora.core.event.InvalidEventException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    letters.close();
    lucene.close();
  }

  private DeadLetter letter(RawRecord record, DeadLetterReason reason, int replays) {
    return new DeadLetter(record, reason, "before", 1, replays, appended, Instant.now());
  }

  /** A record of the log, refused once. */
  private DeadLetter refused(WireRecord wire) {
    return letter(
        RawRecord.of(wire, Optional.of(place(wire)), ""), DeadLetterReason.REFUSED_BY_STORE, 0);
  }

  private static LogPosition place(WireRecord wire) {
    return new LogPosition("bitacora.audit/0", wire.position().sequence());
  }

  private ReplayCounts run() throws Exception {
    return replay.run(ReplaySelection.ALL, counts -> {});
  }

  private List<StoredDeadLetter> stored() throws Exception {
    List<StoredDeadLetter> all = new ArrayList<>();
    letters.read(all::add);
    return all;
  }

  @Test
  void aLetterThatTheStoreTakesNow_isStoredAsItsLogHasIt_andClosed() throws Exception {
    WireRecord wire = stream.next();
    letters.add(List.of(refused(wire)));

    assertThat(run()).isEqualTo(new ReplayCounts(1, 1, 0, 0, 0, 1));

    StoredEvent found = lucene.get(wire.position().eventId(), Query.ALL).get(0);
    assertThat(found.original()).isEqualTo(wire.value());
    assertThat(found.ingested()).isEqualTo(appended);
    assertThat(stored()).isEmpty();
  }

  @Test
  void aLetterThatFailsAgain_isParkedWithOneReplayMore_andReplacesTheOld() throws Exception {
    WireRecord wire = stream.next();
    letters.add(List.of(refused(wire)));
    store.answer(
        event ->
            event.position().equals(wire.position())
                ? Optional.of(new dev.bitacora.store.WriteResult(Status.SUSPECT, "still odd"))
                : Optional.empty());

    assertThat(run()).isEqualTo(new ReplayCounts(1, 0, 0, 1, 0, 1));

    assertThat(stored()).hasSize(1);
    DeadLetter again = stored().get(0).letter();
    assertThat(again.replays()).isEqualTo(1);
    assertThat(again.attempts()).as("those of both times").isGreaterThan(1);
    assertThat(again.detail()).isEqualTo("still odd");
    assertThat(again.appended()).isEqualTo(appended);
    assertThat(again.record().origin()).contains(place(wire));
  }

  @Test
  void afterThreeReplays_aLetterIsLeftAlone() throws Exception {
    letters.add(List.of(refused(stream.next("no event"))));
    for (int i = 1; i <= DeadLetterReplay.MAX_REPLAYS; i++) {
      assertThat(run().parked()).isEqualTo(1);
      assertThat(stored().get(0).letter().replays()).isEqualTo(i);
    }

    assertThat(run()).isEqualTo(new ReplayCounts(1, 0, 0, 0, 1, 0));
    assertThat(stored()).hasSize(1);
  }

  @Test
  void aReplayThatEndedBeforeItsClosings_isRepeatedWithoutHarm() throws Exception {
    List<WireRecord> wires = stream.next(3);
    for (WireRecord wire : wires) {
      letters.add(List.of(refused(wire)));
    }
    letters.fails = true;
    assertThatThrownBy(this::run).hasMessage("the disk is full");
    assertThat(stored()).hasSize(3);
    letters.fails = false;

    assertThat(run()).isEqualTo(new ReplayCounts(3, 0, 3, 0, 0, 3));
    assertThat(lucene.count(Selection.ALL)).isEqualTo(3);
    assertThat(stored()).isEmpty();
  }

  @Test
  void aStoreThatDoesNotAnswer_stopsTheReplay_andWhatWasStoredIsClosed() throws Exception {
    WireRecord good = stream.next();
    WireRecord waiting = stream.next();
    letters.add(List.of(refused(good), refused(waiting)));
    store.answer(
        event ->
            event.position().equals(waiting.position())
                ? Optional.of(new dev.bitacora.store.WriteResult(Status.TRANSIENT, "no shard"))
                : Optional.empty());

    assertThatThrownBy(this::run)
        .isInstanceOf(ReplayStoppedException.class)
        .hasMessageContaining("no shard")
        .hasMessageContaining("run the same again");

    assertThat(stored()).hasSize(1);
    assertThat(stored().get(0).letter().replays()).isZero();
    store.repair();
    assertThat(run().stored()).isEqualTo(1);
    assertThat(stored()).isEmpty();
  }

  @Test
  void onlyWhatIsWanted_isReplayed() throws Exception {
    letters.add(List.of(refused(stream.next()), refused(stream.next())));
    letters.add(
        List.of(
            letter(
                RawRecord.unnumbered("x".getBytes(StandardCharsets.UTF_8), "billing"),
                DeadLetterReason.MALFORMED_JSON,
                0)));
    DeadLetterId second = stored().get(1).id();

    ReplaySelection one = new ReplaySelection(Set.of(second), Optional.empty());
    assertThat(replay.run(one, counts -> {}).read()).isEqualTo(1);
    assertThat(stored()).extracting(StoredDeadLetter::id).hasSize(2).doesNotContain(second);

    ReplaySelection reason =
        new ReplaySelection(Set.of(), Optional.of(DeadLetterReason.REFUSED_BY_STORE));
    assertThat(replay.run(reason, counts -> {}).read()).isEqualTo(1);
    assertThat(stored())
        .singleElement()
        .satisfies(
            left -> assertThat(left.letter().reason()).isEqualTo(DeadLetterReason.MALFORMED_JSON));
  }

  @Test
  void anItemWithoutANumber_goesThroughTheIntake_andKeepsTheNumberThatItGetsThere()
      throws Exception {
    byte[] item =
        "{\"event\":{\"action\":\"a.b\"},\"message\":\"m\"}".getBytes(StandardCharsets.UTF_8);
    letters.add(
        List.of(letter(RawRecord.unnumbered(item, "billing"), DeadLetterReason.INVALID_EVENT, 0)));
    letters.fails = true;
    assertThatThrownBy(this::run).hasMessage("the disk is full");
    long documents = lucene.count(Selection.ALL);
    letters.fails = false;
    replay = replay(); // another process: nothing is remembered

    assertThat(run()).isEqualTo(new ReplayCounts(1, 0, 1, 0, 0, 1));
    assertThat(documents).as("the stream's start and the event").isEqualTo(2);
    assertThat(lucene.count(Selection.ALL)).isEqualTo(documents);
    assertThat(stored()).isEmpty();
  }

  @Test
  void anItemThatIsStillNoEvent_isParkedAgain() throws Exception {
    byte[] item = "not json".getBytes(StandardCharsets.UTF_8);
    letters.add(
        List.of(letter(RawRecord.unnumbered(item, "billing"), DeadLetterReason.MALFORMED_JSON, 1)));

    assertThat(run().parked()).isEqualTo(1);

    assertThat(stored()).hasSize(1);
    assertThat(stored().get(0).letter().replays()).isEqualTo(2);
    assertThat(stored().get(0).letter().record().value())
        .hasValueSatisfying(value -> assertThat(value).isEqualTo(item));
  }

  @Test
  void anAgentsRecordThatNoLogTook_keepsItsOwnNumberAndItsSender() throws Exception {
    WireRecord wire = stream.next();
    letters.add(
        List.of(
            letter(
                RawRecord.of(wire, Optional.empty(), "billing"),
                DeadLetterReason.UNKNOWN_VERSION,
                0)));

    assertThat(run().stored()).isEqualTo(1);

    StoredEvent found = lucene.get(wire.position().eventId(), Query.ALL).get(0);
    assertThat(found.agentIdStatus()).isEqualTo(AgentIdStatus.VERIFIED);
    assertThat(stored()).isEmpty();
  }

  @Test
  void whatTheIntakeHadNumbered_isStillFromWhoseTokenItSaw() throws Exception {
    WireRecord own = stream.next();
    WireRecord other = stream.next(TestStream.event("payroll").build());
    for (WireRecord wire : List.of(own, other)) {
      letters.add(
          List.of(
              letter(
                  RawRecord.of(wire, Optional.of(place(wire)), "billing"),
                  DeadLetterReason.REFUSED_BY_STORE,
                  0)));
    }

    assertThat(run().stored()).isEqualTo(2);

    assertThat(lucene.get(own.position().eventId(), Query.ALL).get(0).agentIdStatus())
        .isEqualTo(AgentIdStatus.VERIFIED);
    assertThat(lucene.get(other.position().eventId(), Query.ALL).get(0).agentIdStatus())
        .isEqualTo(AgentIdStatus.MISMATCH);
  }

  @Test
  void aRecordWithNeitherPlaceNorSender_isParkedAgain_andSaysWhy() throws Exception {
    letters.add(
        List.of(
            letter(RawRecord.unnumbered(new byte[0], ""), DeadLetterReason.MALFORMED_RECORD, 0)));

    assertThat(run().parked()).isEqualTo(1);
    assertThat(stored().get(0).letter().detail()).contains("neither its place in a log");
  }

  @Test
  void manyLetters_areReplayedInBatches_andProgressIsTold() throws Exception {
    List<DeadLetter> many = new ArrayList<>();
    stream.next(1200).forEach(wire -> many.add(refused(wire)));
    letters.add(many);
    List<ReplayCounts> told = new ArrayList<>();

    ReplayCounts counts = replay.run(ReplaySelection.ALL, told::add);

    assertThat(counts).isEqualTo(new ReplayCounts(1200, 1200, 0, 0, 0, 1200));
    assertThat(told).extracting(ReplayCounts::stored).containsExactly(500L, 1000L, 1200L);
    assertThat(lucene.count(Selection.ALL)).isEqualTo(1200);
    assertThat(stored()).isEmpty();
  }
}
