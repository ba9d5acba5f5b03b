package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.store.DeadLetterIndex.Entry;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.StoreException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real node. */
class ElasticsearchDeadLetterIndexTest {
  private static final String INDEX = "/bitacora-deadletters";

  private final ElasticsearchDeadLetterIndex index =
      new ElasticsearchDeadLetterIndex(TestCluster.config());

  @BeforeEach
  void empty() {
    TestCluster.request("DELETE", INDEX, null);
    index.start();
  }

  @AfterEach
  void close() {
    index.close();
  }

  private static Entry letter(String id, String reason) {
    return new Entry(
        id,
        reason,
        "expected an object",
        Optional.of(new LogPosition("bitacora.audit/3", 17)),
        512,
        2,
        1,
        Instant.parse("2026-11-21T10:00:00Z"));
  }

  private List<String> ids() {
    TestCluster.request("POST", INDEX + "/_refresh?ignore_unavailable=true", null);
    List<String> ids = new ArrayList<>();
    index.forEachId(ids::add);
    return ids;
  }

  @Test
  void beforeTheFirstLetter_thereIsNone() {
    assertThat(ids()).isEmpty();
    assertThatCode(() -> index.remove(List.of("0-1"))).doesNotThrowAnyException();
  }

  @Test
  void aLetter_standsThereWithAllThatIsKnown_andNothingOfItsContent() {
    index.put(List.of(letter("0-1", "malformed-json")));
    assertThat(ids()).containsExactly("0-1");
    assertThat(TestCluster.ask(INDEX + "/_source/0-1"))
        .isEqualTo(
            "{\"@timestamp\":\"2026-11-21T10:00:00Z\",\"id\":\"0-1\",\"reason\":\"malformed-json\","
                + "\"detail\":\"expected an object\",\"origin\":{\"log\":\"bitacora.audit/3\",\"offset\":17},"
                + "\"bytes\":512,\"attempts\":2,\"replays\":1}");
  }

  @Test
  void letters_areCountedByReason() {
    index.put(List.of(letter("0-1", "too-large"), letter("0-2", "too-large")));
    index.put(List.of(letter("0-1", "too-large"), letter("1-1", "malformed-json")));
    assertThat(ids()).containsExactly("0-1", "0-2", "1-1");
    assertThat(TestCluster.ask(INDEX + "/_count?q=reason:too-large")).contains("\"count\":2");
  }

  @Test
  void whatIsRemoved_isGone_andAgainDoesNoHarm() {
    index.put(List.of(letter("0-1", "too-large"), letter("0-2", "too-large")));
    index.remove(List.of("0-1"));
    index.remove(List.of("0-1", "7-7"));
    assertThat(ids()).containsExactly("0-2");
  }

  @Test
  void moreLettersThanAPage_areAllShown() {
    index.put(IntStream.range(0, 2001).mapToObj(i -> letter("0-" + i, "too-large")).toList());
    assertThat(ids()).hasSize(2001).doesNotHaveDuplicates();
  }

  @Test
  void anIndexThatAnOperatorDeleted_isMadeAgainAsItWas() {
    index.put(List.of(letter("0-1", "too-large")));
    TestCluster.request("DELETE", INDEX, null);
    index.put(List.of(letter("0-2", "too-large")));
    assertThat(ids()).containsExactly("0-2");
    assertThat(TestCluster.ask(INDEX + "/_mapping")).contains("\"dynamic\":\"false\"");
  }

  @Test
  void aServerThatIsAway_isAnErrorThatSaysWhatToDo() {
    try (ElasticsearchDeadLetterIndex away =
        new ElasticsearchDeadLetterIndex(
            ElasticsearchConfig.of(URI.create("http://127.0.0.1:1")))) {
      away.start();
      assertThatThrownBy(() -> away.put(List.of(letter("0-1", "too-large"))))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "the index of dead letters: Elasticsearch at http://127.0.0.1:1 cannot be reached;"
                  + " start it, or correct the URL");
    }
  }
}
