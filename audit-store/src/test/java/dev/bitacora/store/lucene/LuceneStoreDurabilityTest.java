package dev.bitacora.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.query.Query;
import dev.bitacora.store.Family;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.TestEvents;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the store in a local directory promises. */
class LuceneStoreDurabilityTest {
  private static final String NOVEMBER = "audit-events-2026.11";

  @TempDir private Path temporary;
  private Path directory;
  private LuceneStore store;

  @BeforeEach
  void open() {
    directory = temporary.resolve("index");
    reopen();
  }

  private void reopen() {
    if (store != null) {
      store.close();
    }
    store = new LuceneStore(directory, Retention.DEFAULT);
    store.start();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void processKilledWhileWriting_losesNothingItWasToldIsKept() throws Exception {
    for (int round = 1; round <= 3; round++) {
      Path killed = temporary.resolve("killed" + round);
      Process process = WriterProcess.start(killed);
      int written;
      try (BufferedReader output = process.inputReader()) {
        written = WriterProcess.awaitWritten(output, round * 7 * WriterProcess.BATCH);
      } finally {
        process.destroyForcibly().waitFor();
      }
      try (LuceneStore after = new LuceneStore(killed, Retention.DEFAULT)) {
        after.start();
        for (int from = 0; from < written; from += WriterProcess.BATCH) {
          assertThat(after.write(WriterProcess.batch(from))).containsOnly(WriteResult.DUPLICATE);
        }
        assertThat(after.count(Selection.ALL)).isGreaterThanOrEqualTo(written);
      }
    }
  }

  @Test
  void positions_areTheHighestDurableOfEachLog_alsoAfterRestart() {
    assertThat(store.positions()).isEmpty();
    store.write(List.of(at(0, "a", 7), at(1, "a", 5), at(2, "b", 1)));
    assertThat(store.positions()).isEqualTo(Map.of("a", 7L, "b", 1L));
    reopen();
    assertThat(store.positions()).isEqualTo(Map.of("a", 7L, "b", 1L));
  }

  @Test
  void positions_stayWhenTheirPeriodIsDeleted() {
    store.write(List.of(at(0, "a", 7)));
    store.delete(new Period(Family.EVENTS, NOVEMBER));
    assertThat(directory.resolve(NOVEMBER)).doesNotExist();
    assertThat(store.positions()).isEqualTo(Map.of("a", 7L));
    reopen();
    assertThat(store.positions()).isEqualTo(Map.of("a", 7L));
  }

  private static NewEvent at(long sequence, String log, long offset) {
    NewEvent event = TestEvents.event(1, sequence);
    return new NewEvent(
        event.position(),
        event.event(),
        event.ingested(),
        new LogPosition(log, offset),
        event.agentIdStatus());
  }

  @Test
  void highestSequence_isFoundAgainAfterRestart_whateverTheGaps() {
    List<NewEvent> events = new ArrayList<>();
    for (long sequence : List.of(0L, 1L, 7L, 1000L, 999_999_999_999L)) {
      events.add(TestEvents.event(1, sequence));
      events.add(TestEvents.event(3, sequence));
    }
    assertThat(store.write(events)).containsOnly(WriteResult.INDEXED);
    reopen();
    List<NewEvent> between =
        List.of(TestEvents.event(1, 500), TestEvents.event(2, 0), TestEvents.event(3, 999_999));
    assertThat(store.write(between)).containsOnly(WriteResult.INDEXED);
    assertThat(store.write(events)).containsOnly(WriteResult.DUPLICATE);
    assertThat(store.write(between)).containsOnly(WriteResult.DUPLICATE);
  }

  @Test
  void directoryInUse_isRefusedWithWhatToDo() {
    try (LuceneStore second = new LuceneStore(directory, Retention.DEFAULT)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("in use by another process; stop it");
    }
    assertThat(store.write(List.of(TestEvents.event(1, 0)))).containsOnly(WriteResult.INDEXED);
  }

  @Test
  void indexOfANewerVersion_isRefused() throws IOException {
    store.close();
    commit(directory.resolve(NOVEMBER), Map.of("bitacora.format", "2"));
    assertThatThrownBy(this::reopen)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(NOVEMBER)
        .hasMessageContaining("newer version of this program (format 2, this one knows 1)");
  }

  @Test
  void indexOfAnotherProgram_isRefused() throws IOException {
    store.close();
    commit(directory.resolve(NOVEMBER), Map.of());
    assertThatThrownBy(this::reopen)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is no index of this program; move it away");
  }

  private static void commit(Path path, Map<String, String> data) throws IOException {
    try (FSDirectory files = FSDirectory.open(path);
        IndexWriter writer = new IndexWriter(files, new IndexWriterConfig())) {
      writer.setLiveCommitData(data.entrySet());
      writer.commit();
    }
  }

  @Test
  void damagedIndex_isNamedWithWhatToDo() throws IOException {
    store.write(List.of(TestEvents.event(1, 0)));
    store.close();
    Path index = directory.resolve(NOVEMBER);
    try (Stream<Path> files = Files.list(index)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".si")).toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
    assertThatThrownBy(this::reopen)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(index.toString())
        .hasMessageContaining("is damaged")
        .hasMessageContaining("restore it from a backup");
  }

  @Test
  void creationAndDeletionCutShort_areTidiedUp() throws IOException {
    store.close();
    Path unfinished = Files.createDirectories(directory.resolve(NOVEMBER));
    Files.createFile(unfinished.resolve("write.lock"));
    Path deleted = Files.createDirectories(directory.resolve("audit-events-2026.01.deleted"));
    Files.writeString(deleted.resolve("_0.cfs"), "the rest");
    reopen();
    assertThat(deleted).doesNotExist();
    assertThat(store.write(List.of(TestEvents.event(1, 0)))).containsOnly(WriteResult.INDEXED);
    assertThat(store.count(Selection.ALL)).isEqualTo(1);
  }

  @Test
  void deletion_afterOneWhoseFilesStayed_works() throws IOException {
    Path rest = Files.createDirectories(directory.resolve(NOVEMBER + ".deleted"));
    Files.writeString(rest.resolve("_0.cfs"), "the rest");
    store.write(List.of(TestEvents.event(1, 0)));
    store.delete(new Period(Family.EVENTS, NOVEMBER));
    assertThat(rest).doesNotExist();
    assertThat(directory.resolve(NOVEMBER)).doesNotExist();
    assertThat(store.count(Selection.ALL)).isZero();
  }

  @Test
  void searches_whilePeriodsAreDeleted_areAnswered() throws Exception {
    AtomicBoolean running = new AtomicBoolean(true);
    CompletableFuture<Void> searching =
        CompletableFuture.runAsync(
            () -> {
              while (running.get()) {
                assertThat(store.count(Selection.ALL)).isBetween(0L, 1L);
              }
            });
    for (int i = 0; i < 30; i++) {
      store.write(List.of(TestEvents.event(1, i)));
      store.delete(new Period(Family.EVENTS, NOVEMBER));
    }
    running.set(false);
    searching.get(30, TimeUnit.SECONDS);
  }

  @Test
  void foreignDirectories_areLeftAlone() throws IOException {
    store.close();
    Path foreign = Files.createDirectories(directory.resolve("lost+found"));
    reopen();
    assertThat(foreign).exists();
    assertThat(store.check().up()).isTrue();
  }

  @Test
  void writeThatFails_isAnsweredAndTheNextGoesOn() throws IOException {
    store.write(List.of(TestEvents.event(1, 0)));
    Files.delete(directory.resolve(NOVEMBER).resolve("write.lock"));
    List<NewEvent> events = List.of(TestEvents.event(1, 1), TestEvents.event(1, 0));
    assertThat(store.write(events))
        .extracting(WriteResult::status)
        .containsExactly(Status.ENVIRONMENT, Status.DUPLICATE);
    assertThat(store.write(events)).containsExactly(WriteResult.INDEXED, WriteResult.DUPLICATE);
    assertThat(store.count(Selection.ALL)).isEqualTo(2);
  }

  @Test
  void write_byAnInterruptedThread_isDurableAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    List<WriteResult> results = store.write(List.of(TestEvents.event(1, 0)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results).containsOnly(WriteResult.INDEXED);
    assertThat(store.write(List.of(TestEvents.event(1, 1)))).containsOnly(WriteResult.INDEXED);
  }

  @Test
  void write_afterClose_isAnswered() {
    store.close();
    assertThat(store.write(List.of(TestEvents.event(1, 0))))
        .extracting(WriteResult::status)
        .containsExactly(Status.ENVIRONMENT);
  }

  @Test
  void whatWasWritten_isFoundAtOnce() throws Exception {
    for (int i = 0; i < 50; i++) {
      store.write(List.of(TestEvents.event(1, i)));
      assertThat(store.count(Selection.of(Query.parse("event.sequence:" + i)))).isEqualTo(1);
    }
  }

  @Test
  void searchThatTakesTooLong_saysSo() throws Exception {
    store.write(
        List.of(
            TestEvents.event(1, 0),
            TestEvents.event(1, 1, e -> e.set("user.id", "bob")),
            TestEvents.event(1, 2, e -> e.set("service.name", "cache"))));
    store.close();
    try (LuceneStore hasty = new LuceneStore(directory, Retention.DEFAULT, Duration.ZERO)) {
      hasty.start();
      Selection all = Selection.of(Query.parse("actor:alice and service:api"));
      assertThatThrownBy(() -> hasty.count(all)).isInstanceOf(StoreException.TimedOut.class);
      assertThatThrownBy(() -> hasty.histogram(all, Duration.ofHours(1)))
          .isInstanceOf(StoreException.TimedOut.class);
      assertThatThrownBy(
              () ->
                  hasty.search(
                      new SearchRequest(
                          all, SearchRequest.Order.NEWEST_FIRST, 10, Optional.empty())))
          .isInstanceOf(StoreException.TimedOut.class)
          .hasMessageContaining("narrow the time range or the query");
      List<String> ids = new ArrayList<>();
      hasty.stream(all, event -> ids.add(event.eventId()));
      assertThat(ids).hasSize(1);
    }
  }

  @Test
  void periods_areDirectoriesOfTheirOwn() throws IOException {
    store.write(
        List.of(
            TestEvents.event(1, 0),
            TestEvents.logLine(2, 0, TestEvents.NOW, "line"),
            TestEvents.event(1, 1, e -> e.at(Instant.parse("9999-01-01T00:00:00Z")))));
    try (Stream<Path> paths = Files.list(directory)) {
      assertThat(paths.filter(Files::isDirectory).map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(NOVEMBER, "audit-logs-2026.11.15", Placement.UNPLACED);
    }
  }
}
