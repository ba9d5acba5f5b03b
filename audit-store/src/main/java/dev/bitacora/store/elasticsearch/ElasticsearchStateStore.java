package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.elasticsearch.core.GetResponse;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.elasticsearch.client.ResponseException;

/**
 * Keeps state in the index {@code bitacora-state}, which it makes before the first write, so that
 * every process of a service sees the same. A value's version is Elasticsearch's own: primary term
 * and sequence number. Safe for any thread between {@link #start} and {@link #close}; connects only
 * when asked something.
 */
public final class ElasticsearchStateStore implements StateStore, AutoCloseable {
  private static final String INDEX = "bitacora-state";
  private static final String STATE = " the service's state";
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /**
   * A version is a primary term above these bits and a sequence number, counted from 1, in them.
   */
  private static final int SEQUENCE_BITS = 40;

  private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

  private final ServiceIndex index;
  private volatile boolean indexIsThere;

  public ElasticsearchStateStore(ElasticsearchConfig config) {
    this.index = new ServiceIndex(config, INDEX, "the state");
  }

  /** A value as a document. */
  private record Value(
      @JsonProperty("id") String id,
      @JsonProperty("kind") String kind,
      @JsonProperty("key") String key,
      @JsonProperty("value") String value) {}

  /**
   * Prepares the connection.
   *
   * @throws StoreException when the CA file cannot be used
   */
  public void start() {
    index.start();
  }

  @Override
  public Optional<Entry> get(Kind kind, String key) {
    return answer("reading", () -> read(kind, key));
  }

  @Override
  public boolean put(Kind kind, String key, String value, long expected) {
    return answer(
        "writing",
        () -> {
          requireIndex();
          return unlessConflict(() -> write(kind, key, value, expected));
        });
  }

  @Override
  public boolean remove(Kind kind, String key, long expected) {
    if (termOf(expected) == 0) {
      return false;
    }
    return answer("removing", () -> unlessConflict(() -> delete(kind, key, expected)));
  }

  @Override
  public List<Entry> list(Kind kind) {
    List<Entry> entries = new ArrayList<>();
    index.forEach(
        "listing" + STATE,
        Value.class,
        Value::id,
        search ->
            search
                .query(q -> q.term(term -> term.field("kind").value(text(kind))))
                .seqNoPrimaryTerm(true),
        hit -> entries.add(entry(hit.source(), hit.primaryTerm(), hit.seqNo())));
    entries.sort(Comparator.comparing(Entry::key));
    return entries;
  }

  /** Idempotent. */
  @Override
  public void close() {
    index.close();
  }

  private Optional<Entry> read(Kind kind, String key) throws IOException {
    try {
      GetResponse<Value> found =
          client().get(get -> get.index(INDEX).id(id(kind, key)), Value.class);
      return found.found()
          ? Optional.of(entry(found.source(), found.primaryTerm(), found.seqNo()))
          : Optional.empty();
    } catch (ElasticsearchException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean write(Kind kind, String key, String value, long expected) throws IOException {
    Value document = new Value(id(kind, key), text(kind), key, value);
    if (expected == ABSENT) {
      client()
          .create(
              create ->
                  create.index(INDEX).id(document.id()).document(document).refresh(Refresh.True));
      return true;
    }
    if (termOf(expected) == 0) {
      return false;
    }
    client()
        .index(
            write ->
                write
                    .index(INDEX)
                    .id(document.id())
                    .ifPrimaryTerm(termOf(expected))
                    .ifSeqNo(sequenceOf(expected))
                    .document(document)
                    .refresh(Refresh.True));
    return true;
  }

  private boolean delete(Kind kind, String key, long expected) throws IOException {
    client()
        .delete(
            delete ->
                delete
                    .index(INDEX)
                    .id(id(kind, key))
                    .ifPrimaryTerm(termOf(expected))
                    .ifSeqNo(sequenceOf(expected))
                    .refresh(Refresh.True));
    return true;
  }

  private synchronized void requireIndex() throws IOException {
    if (indexIsThere) {
      return;
    }
    index.create(Templates.stateIndex());
    indexIsThere = true;
  }

  private ElasticsearchClient client() {
    return index.client();
  }

  private <T> T answer(String doing, ServiceIndex.Asking<T> asking) {
    return index.answer(doing + STATE, asking);
  }

  private static boolean unlessConflict(ServiceIndex.Asking<Boolean> asking) throws IOException {
    try {
      return asking.ask();
    } catch (ElasticsearchException e) {
      if (e.status() == NOT_FOUND) {
        return false;
      }
      throw e;
    } catch (ResponseException e) {
      // The client makes its own exceptions of a few answers only, and 409 is none of them.
      if (e.getResponse().getStatusLine().getStatusCode() == CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** Any key fits: a document's id is limited to 512 bytes. */
  private static String id(Kind kind, String key) {
    byte[] hash = ChainLink.hash(key.getBytes(StandardCharsets.UTF_8));
    return text(kind) + "." + HexFormat.of().formatHex(hash);
  }

  private static String text(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Entry entry(Value value, long term, long sequence) {
    return new Entry(value.key(), value.value(), (term << SEQUENCE_BITS) | (sequence + 1));
  }

  private static long termOf(long version) {
    return version >>> SEQUENCE_BITS;
  }

  private static long sequenceOf(long version) {
    return (version & SEQUENCE_MASK) - 1;
  }
}
