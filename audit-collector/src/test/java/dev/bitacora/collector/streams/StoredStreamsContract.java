package dev.bitacora.collector.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Selection;
import dev.bitacora.store.WriteResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a store about streams, of every kind of store. */
abstract class StoredStreamsContract {
  private static final Instant BEGIN = Instant.parse("2026-11-15T10:00:00Z");

  private static final WatchSettings NO_SETTLING =
      new WatchSettings(
          Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ofDays(1), Duration.ZERO);

  /** Nobody else's, in a store that others may use, too. */
  private final String log = "bitacora.audit-" + UUID.randomUUID() + "/0";

  private final AgentStream stream = new AgentStream(log, BEGIN);
  private final Map<StreamId, Long> written = new HashMap<>();

  abstract AuditStore store();

  private StoredStreams stored() {
    return new StoredStreams(store());
  }

  private static Instant at(long seconds) {
    return BEGIN.plusSeconds(seconds);
  }

  private void write(List<NewEvent> events) {
    assertThat(store().write(events)).containsOnly(WriteResult.INDEXED);
    events.forEach(event -> written.merge(event.position().stream(), 1L, Long::sum));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                written.forEach(
                    (id, count) ->
                        assertThat(found(id)).as("of %s", id).isGreaterThanOrEqualTo(count)));
  }

  private long found(StreamId id) {
    FieldName stream = FieldName.of("agent.ephemeral_id");
    return store().count(Selection.of(new Query.Match(stream, id.toString())));
  }

  private void write(NewEvent... events) {
    write(List.of(events));
  }

  private List<String> missing(long first, long last) {
    return stored().missing(stream.id(), new SequenceRange(first, last)).stream()
        .map(SequenceRange::toString)
        .toList();
  }

  @Test
  void missing_namesExactlyTheNumbersThatAreNeitherThereNorExplained() {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      boolean isMissing = i == 0 || i == 17 || (i >= 500 && i < 540) || i == 999;
      boolean isExplained = i >= 700 && i <= 720;
      if (!isMissing && !isExplained) {
        events.add(stream.event(i, at(1)));
      }
    }
    events.add(stream.dropped(700, 710, at(1)));
    events.add(stream.lost(711, 720, at(1)));
    write(events);
    assertThat(missing(0, 999)).containsExactly("0", "17", "500-539", "999");
    assertThat(missing(1, 16)).isEmpty();
    assertThat(missing(530, 545)).containsExactly("530-539");
    assertThat(missing(705, 708)).isEmpty();
    assertThat(missing(1000, 1009)).containsExactly("1000-1009");
    assertThat(stored().missing(StreamId.newAt(BEGIN), new SequenceRange(0, 3))).hasSize(1);
  }

  @Test
  void missing_ofRandomStreams_isWhatAPlainSetMisses() {
    Random random = new Random(20261121);
    List<NewEvent> events = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    for (long i = 0; i < 400; i++) {
      if (random.nextInt(10) == 0) {
        expected.add(i);
      } else if (random.nextInt(20) == 0 && i < 390) {
        long last = i + random.nextInt(5);
        events.add(stream.dropped(i, last, at(1)));
        i = last;
      } else {
        events.add(stream.event(i, at(1)));
      }
    }
    write(events);
    List<Long> found = new ArrayList<>();
    for (SequenceRange range : stored().missing(stream.id(), new SequenceRange(0, 399))) {
      for (long i = range.first(); i <= range.last(); i++) {
        found.add(i);
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void missing_withAForgedSecondEventUnderANumber_stillFindsAGapElsewhere() {
    write(stream.event(0, at(1)), stream.event(1, at(1)), stream.event(3, at(1)));
    NewEvent twin = stream.event(1, at(2));
    assertThat(store().write(List.of(twin)).get(0).status()).isEqualTo(WriteResult.Status.CONFLICT);
    written.merge(stream.id(), 1L, Long::sum);
    write(stream.event(4, at(1)));
    assertThat(missing(2, 4)).containsExactly("2");
  }

  @Test
  void streamsOf_aLog_areThoseThatWroteControlRecordsAfterAMoment() {
    AgentStream old = new AgentStream(log, BEGIN);
    AgentStream elsewhere = new AgentStream(log + "1", BEGIN);
    write(old.heartbeat(0, at(1)), stream.heartbeat(0, at(10)), elsewhere.heartbeat(0, at(10)));
    assertThat(stored().streamsOf(log, at(5))).containsExactly(stream.id());
    assertThat(stored().newestOf(log)).contains(at(10));
    assertThat(stored().newestOf("nobodys/0")).isEmpty();
  }

  @Test
  void recall_tellsTheHighestNumberAndWhetherItLivesOrStopped() {
    assertThat(stored().recall(stream.id())).isEmpty();
    assertThat(stored().hasAnyOf(stream.id())).isFalse();
    write(stream.start(at(1)), stream.ready(1, at(2)), stream.event(2, at(3)));
    StoredStream running = stored().recall(stream.id()).orElseThrow();
    assertThat(running.highest()).isEqualTo(2);
    assertThat(running.ingested()).isEqualTo(at(3));
    assertThat(running.signOfLife()).hasValue(1);
    assertThat(running.stop()).isEmpty();
    write(stream.heartbeat(3, at(4)), stream.stop(4, at(5)));
    StoredStream stopped = stored().recall(stream.id()).orElseThrow();
    assertThat(stopped.highest()).isEqualTo(4);
    assertThat(stopped.signOfLife()).hasValue(3);
    assertThat(stopped.stop()).hasValue(4);
    assertThat(stored().hasAnyOf(stream.id())).isTrue();
    assertThat(stored().oldestSince(stream.id(), at(3))).hasValue(2);
    assertThat(stored().oldestSince(stream.id(), at(6))).isEmpty();
  }

  @Test
  void successorsOf_aStream_sayHowItEnded() {
    AgentStream next = new AgentStream(log + "1", at(10));
    write(stream.start(at(1)), next.ready(1, at(12), stream, 77, "unclean"));
    assertThat(stored().successorsOf(stream.id()))
        .containsExactly(
            new Succession(
                new ControlRecord.Predecessor(stream.id(), 77, false), "billing", at(12)));
    assertThat(stored().successorsOf(next.id())).isEmpty();
  }

  @Test
  void whoTakesALogOver_findsWhatIsMissingInIt_andNothingElse(@TempDir Path folder)
      throws Exception {
    AgentStream whole = new AgentStream(log, BEGIN);
    write(stream.start(at(1)), stream.event(3, at(2)), stream.heartbeat(4, at(3)));
    write(whole.start(at(1)), whole.dropped(1, 8, at(2)), whole.heartbeat(9, at(3)));
    RecordedAlarms alarms = new RecordedAlarms();
    try (DeadLetterFiles deadLetters = new DeadLetterFiles(folder);
        StreamWatch watch =
            new StreamWatch(
                store(), deadLetters, alarms, Clock.systemUTC(), () -> true, NO_SETTLING)) {
      deadLetters.start();
      watch.assigned(log);
      watch.doWork();
      watch.settledThrough(log, at(62), false);
      watch.doWork();
      assertThat(alarms.everFired()).isEmpty();
      watch.settledThrough(log, at(63), false);
      watch.doWork();
      assertThat(alarms.names()).containsExactly("BitacoraStreamGap");
      assertThat(alarms.firing().get(0).summary())
          .contains("2 numbers, 1-2 of stream " + stream.id());
      assertThat(watch.counts().live()).isEqualTo(2);
    }
  }
}
