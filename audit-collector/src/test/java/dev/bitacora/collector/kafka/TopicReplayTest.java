package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.replay.NothingReplayedException;
import dev.bitacora.collector.replay.ReplayCounts;
import dev.bitacora.collector.replay.ReplayStoppedException;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.testkit.SharedEngines;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a real broker's topics into a real store. */
final class TopicReplayTest {
  @TempDir Path data;

  private final TestStream stream = new TestStream();
  private KafkaTopics topics;
  private LuceneStore lucene;
  private SabotagedStore store;
  private KafkaDeadLetters letters;
  private TopicReplay replay;

  @BeforeEach
  void open() throws Exception {
    topics = KafkaTopics.fresh(SharedEngines.kafka());
    lucene = new LuceneStore(data, Retention.DEFAULT);
    lucene.start();
    store = new SabotagedStore(lucene);
    letters = new KafkaDeadLetters(topics.connection());
    replay =
        new TopicReplay(
            topics.connection(),
            store,
            Retention.DEFAULT,
            letters,
            Clock.systemUTC(),
            Duration.ofMillis(300));
  }

  @AfterEach
  void close() {
    letters.close();
    lucene.close();
    topics.close();
  }

  private static LogPosition place(RecordMetadata sent) {
    return new LogPosition(sent.topic() + "/" + sent.partition(), sent.offset());
  }

  private ReplayCounts from(LogPosition place) throws Exception {
    return replay.fromOffset(place, (counts, records) -> {});
  }

  private ReplayCounts everything() throws Exception {
    return replay.fromTime(Instant.EPOCH, (counts, records) -> {});
  }

  @Test
  void fromAnOffset_onlyThatPartitionFromThereOn_isStored_andNoGroupMoves() throws Exception {
    List<RecordMetadata> sent = topics.send(stream.next(10));
    List<WireRecord> elsewhere = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      elsewhere.add(new TestStream().next());
    }
    topics.send(elsewhere);
    long ofThatPartition =
        topics.ends().get(new TopicPartition(sent.get(0).topic(), sent.get(0).partition()));
    LogPosition sixth = place(sent.get(5));
    Collection<GroupListing> groups = topics.admin().listGroups().all().get();

    ReplayCounts counts = from(sixth);

    assertThat(counts.read()).isEqualTo(ofThatPartition - sixth.offset());
    assertThat(counts.stored()).isEqualTo(counts.read());
    assertThat(counts.isGood()).isTrue();
    assertThat(lucene.count(Selection.ALL)).isEqualTo(counts.read());
    assertThat(topics.admin().listGroups().all().get())
        .as("no group of its own, beside those of other tests")
        .hasSize(groups.size());
  }

  @Test
  void again_everythingIsADuplicate() throws Exception {
    topics.send(stream.next(500));
    assertThat(everything().stored()).isEqualTo(500);

    ReplayCounts again = everything();

    assertThat(again.duplicates()).isEqualTo(500);
    assertThat(again.stored()).isZero();
    assertThat(again.isGood()).isTrue();
    assertThat(lucene.count(Selection.ALL)).isEqualTo(500);
  }

  @Test
  void fromATime_whatWasAppendedBefore_isLeftOut() throws Exception {
    topics.send(stream.next(20));
    Thread.sleep(20); // the log's clock has milliseconds
    Instant between = Instant.now();
    topics.send(stream.next(30));

    assertThat(replay.fromTime(between, (counts, records) -> {}).stored()).isEqualTo(30);
    assertThat(replay.fromTime(Instant.now().plusSeconds(5), (counts, records) -> {}).read())
        .isZero();
  }

  @Test
  void progress_tellsHowManyThereWillBe() throws Exception {
    topics.send(stream.next(2500));
    List<Long> expected = new ArrayList<>();
    List<Long> read = new ArrayList<>();
    ReplayCounts unused =
        replay.fromTime(
            Instant.EPOCH,
            (counts, records) -> {
              expected.add(records);
              read.add(counts.read());
            });

    assertThat(expected).containsOnly(2500L);
    assertThat(read).containsExactly(1000L, 2000L, 2500L);
  }

  @Test
  void poison_isParkedOnce_howeverOftenItIsMet() throws Exception {
    topics.send(List.of(stream.next(), stream.next("no event"), stream.next()));

    assertThat(everything().parked()).isEqualTo(1);
    ReplayCounts again = everything();

    assertThat(again.parked()).isEqualTo(1);
    assertThat(again.isGood()).isFalse();
    assertThat(letters.list(10)).hasSize(1);
  }

  @Test
  void aRecordThatIsStoredNow_closesItsDeadLetters_andNoOthers() throws Exception {
    WireRecord wire = stream.next();
    LogPosition origin = place(topics.send(List.of(wire)).get(0));
    DeadLetter refused =
        new DeadLetter(
            RawRecord.of(wire, Optional.of(origin), ""),
            DeadLetterReason.REFUSED_BY_STORE,
            "once",
            1,
            0,
            Instant.now());
    DeadLetter other =
        new DeadLetter(
            RawRecord.of(wire, Optional.of(new LogPosition("bitacora.log/0", 77)), ""),
            DeadLetterReason.REFUSED_BY_STORE,
            "other",
            1,
            0,
            Instant.now());
    letters.add(List.of(refused, other, refused));

    ReplayCounts counts = everything();

    assertThat(counts.closed()).isEqualTo(2);
    assertThat(letters.list(10)).extracting(DeadLetter::detail).containsExactly("other");
  }

  @Test
  void aStoreThatDoesNotAnswerInTheMiddle_losesNothing_whenItIsRepeated() throws Exception {
    topics.send(stream.next(5000));
    store.answer(
        event ->
            event.position().sequence() >= 3000
                ? Optional.of(new WriteResult(WriteResult.Status.OVERLOADED, "too busy"))
                : Optional.empty());
    assertThatThrownBy(this::everything)
        .isInstanceOf(ReplayStoppedException.class)
        .hasMessageContaining("too busy");
    assertThat(lucene.count(Selection.ALL)).isBetween(2000L, 3000L);
    store.repair();

    ReplayCounts counts = everything();

    assertThat(counts.isGood()).isTrue();
    assertThat(lucene.count(Selection.ALL)).isEqualTo(5000);
  }

  @Test
  void aPlaceThatIsNone_isRefused_sayingWhatThereIs() throws Exception {
    List<RecordMetadata> sent = topics.send(stream.next(5));
    String log = place(sent.get(0)).log();
    assertThatThrownBy(() -> from(new LogPosition("bitacora.audit/99", 0)))
        .isInstanceOf(NothingReplayedException.class)
        .hasMessageContaining("there is no bitacora.audit/99; there are bitacora.audit/0");
    assertThatThrownBy(() -> from(new LogPosition(log, 6)))
        .isInstanceOf(NothingReplayedException.class)
        .hasMessage(log + " has the offsets 0 to 4; 6 is none of them");
    topics.deleteBefore(new TopicPartition(sent.get(0).topic(), sent.get(0).partition()), 3);
    assertThatThrownBy(() -> from(new LogPosition(log, 2)))
        .isInstanceOf(NothingReplayedException.class)
        .hasMessageContaining("3 to 4; 2 is none");
    assertThat(from(new LogPosition(log, 3)).stored()).isEqualTo(2);
  }
}
