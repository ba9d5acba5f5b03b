package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.bitacora.store.DeadLetterIndex;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * The index {@code bitacora-deadletters}, which it makes before the first letter. Safe for any
 * thread between {@link #start} and {@link #close}; connects only when asked something.
 */
public final class ElasticsearchDeadLetterIndex implements DeadLetterIndex, AutoCloseable {
  private static final String INDEX = "bitacora-deadletters";
  private static final String TROUBLE = "the index of dead letters";
  private static final int NOT_FOUND = 404;

  private final ServiceIndex index;

  public ElasticsearchDeadLetterIndex(ElasticsearchConfig config) {
    this.index = new ServiceIndex(config, INDEX, TROUBLE);
  }

  /** A letter as a document. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Letter(
      @JsonProperty("@timestamp") String at,
      @JsonProperty("id") String id,
      @JsonProperty("reason") String reason,
      @JsonProperty("detail") String detail,
      @JsonProperty("origin") Origin origin,
      @JsonProperty("bytes") long bytes,
      @JsonProperty("attempts") int attempts,
      @JsonProperty("replays") int replays) {

    static Letter of(Entry entry) {
      return new Letter(
          entry.at().toString(),
          entry.id(),
          entry.reason(),
          entry.detail(),
          entry.origin().map(Origin::of).orElse(null),
          entry.bytes(),
          entry.attempts(),
          entry.replays());
    }
  }

  private record Origin(@JsonProperty("log") String log, @JsonProperty("offset") long offset) {
    static Origin of(LogPosition position) {
      return new Origin(position.log(), position.offset());
    }
  }

  /** What a list of ids asks for. */
  private record Id(@JsonProperty("id") String id) {}

  /**
   * Prepares the connection.
   *
   * @throws StoreException when the CA file cannot be used
   */
  public void start() {
    index.start();
  }

  @Override
  public void put(List<Entry> letters) {
    if (letters.isEmpty()) {
      return;
    }
    BulkRequest.Builder bulk = new BulkRequest.Builder().index(INDEX);
    for (Entry letter : letters) {
      bulk.operations(
          operation -> operation.index(put -> put.id(letter.id()).document(Letter.of(letter))));
    }
    answer(
        () -> {
          requireIndex();
          requireDone(client().bulk(bulk.build()));
          return null;
        });
  }

  @Override
  public void remove(List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    BulkRequest.Builder bulk = new BulkRequest.Builder().index(INDEX);
    ids.forEach(id -> bulk.operations(operation -> operation.delete(delete -> delete.id(id))));
    answer(
        () -> {
          requireDone(client().bulk(bulk.build()));
          return null;
        });
  }

  @Override
  public void forEachId(Consumer<String> visitor) {
    index.forEach(
        TROUBLE,
        Id.class,
        Id::id,
        search -> search.source(source -> source.filter(filter -> filter.includes("id"))),
        hit -> visitor.accept(hit.source().id()));
  }

  /** Asked each time: an operator may have deleted it. */
  private void requireIndex() throws IOException {
    if (!client().indices().exists(exists -> exists.index(INDEX)).value()) {
      index.create(Templates.deadLetterIndex());
    }
  }

  private static void requireDone(BulkResponse response) {
    for (BulkResponseItem item : response.items()) {
      if (item.error() != null && item.status() != NOT_FOUND) {
        throw new StoreException(
            TROUBLE + ": " + item.id() + " was refused: " + item.error().reason());
      }
    }
  }

  private ElasticsearchClient client() {
    return index.client();
  }

  private <T> T answer(ServiceIndex.Asking<T> asking) {
    return index.answer(TROUBLE, asking);
  }

  /** Idempotent. */
  @Override
  public void close() {
    index.close();
  }
}
