package dev.bitacora.collector.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.support.TestStream;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchDeadLetterIndex;
import dev.bitacora.testkit.SharedEngines;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the watch writes into a real index. */
final class IndexedDeadLettersTest {
  @TempDir Path data;

  private final TestStream stream = new TestStream();
  private final Set<String> stored = new HashSet<>();
  private final List<ElasticsearchDeadLetterIndex> indexes = new ArrayList<>();
  private DeadLetterFiles letters;
  private ElasticsearchDeadLetterIndex index;

  @BeforeEach
  void open() throws Exception {
    letters = new DeadLetterFiles(data.resolve("dlq"));
    letters.start();
    index = index(SharedEngines.elasticsearch().url());
    index.remove(ids());
    awaitIds();
  }

  private ElasticsearchDeadLetterIndex index(URI url) {
    ElasticsearchDeadLetterIndex opened =
        new ElasticsearchDeadLetterIndex(ElasticsearchConfig.of(url));
    opened.start();
    indexes.add(opened);
    return opened;
  }

  @AfterEach
  void close() {
    letters.close();
    indexes.forEach(ElasticsearchDeadLetterIndex::close);
  }

  private DeadLetterWatch watch(ElasticsearchDeadLetterIndex of) {
    return new DeadLetterWatch(
        letters,
        (eventId, documentId) -> stored.contains(eventId),
        Optional.of(of),
        Clock.systemUTC());
  }

  /** The id of the event that is parked. */
  private String park() throws Exception {
    var wire = stream.next();
    letters.add(
        List.of(
            new DeadLetter(
                RawRecord.of(wire, Optional.empty(), "billing"),
                DeadLetterReason.REFUSED_BY_STORE,
                "",
                1,
                0,
                Instant.now())));
    return wire.position().eventId();
  }

  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    index.forEachId(ids::add);
    return ids;
  }

  private void awaitIds(String... expected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(ids()).containsExactlyInAnyOrder(expected));
  }

  private String[] openIds() throws Exception {
    List<String> open = new ArrayList<>();
    letters.read(letter -> open.add(letter.id().text()));
    return open.toArray(String[]::new);
  }

  @Test
  void theIndex_followsWhatIsOpen() throws Exception {
    String first = park();
    park();
    watch(index).look();
    awaitIds(openIds());
    assertThat(ids()).hasSize(2);

    park();
    stored.add(first);
    watch(index).look();
    awaitIds(openIds());
    assertThat(ids()).hasSize(2);
  }

  @Test
  void whatSomebodyElseLeftBehind_isRemoved() throws Exception {
    park();
    watch(index).look();
    awaitIds(openIds());
    var entry =
        new dev.bitacora.store.DeadLetterIndex.Entry(
            "9-9", "too-large", "", Optional.empty(), 1, 1, 0, Instant.now());
    index.put(List.of(entry));
    Awaitility.await().until(() -> ids().contains("9-9"));

    watch(index).look();

    awaitIds(openIds());
  }

  @Test
  void withoutTheIndex_lettersAreCountedAllTheSame() throws Exception {
    park();
    DeadLetterWatch watch = watch(index(URI.create("http://127.0.0.1:1")));
    assertThatThrownBy(watch::look).isInstanceOf(StoreException.class);
    assertThat(watch.open()).isEqualTo(Map.of(DeadLetterReason.REFUSED_BY_STORE, 1L));
  }
}
