package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.QueryBuilders;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.store.NewEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that an event shares its {@code event.id} with another one. Elasticsearch keeps both,
 * since their documents' ids differ; this says so while the writer is still there to raise an
 * alarm.
 *
 * <p>Only events whose number may have been there before are looked up ({@link StreamHeights}). The
 * lookup needs the right to read; a writer without it is told once in the log that forged ids are
 * noticed only when they are read, and asks again now and then. Safe for any thread.
 */
final class ConflictCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ConflictCheck.class);
  private static final int IDS_PER_LOOKUP = 500;
  private static final int MAX_HITS = 10_000;
  private static final int FORBIDDEN = 403;

  /** Rights are given by people, while the writer goes on. */
  private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMinutes(5);

  private final ElasticsearchConfig config;
  private final ElasticsearchClient client;
  private final StreamHeights heights = new StreamHeights();
  private final Duration beforeAskingAgain;
  private final AtomicBoolean mayNotRead = new AtomicBoolean();

  /** System.nanoTime(); only meaningful while it may not read, and written first. */
  private volatile long asksAgainAt;

  ConflictCheck(ElasticsearchConfig config, ElasticsearchClient client) {
    this(config, client, BEFORE_ASKING_AGAIN);
  }

  ConflictCheck(
      ElasticsearchConfig config, ElasticsearchClient client, Duration beforeAskingAgain) {
    this.config = config;
    this.client = client;
    this.beforeAskingAgain = beforeAskingAgain;
  }

  /** Before events are written: those that may share their id with one that is already there. */
  Set<NewEvent> suspects(List<NewEvent> events) {
    boolean asks = asks();
    if (asks) {
      learn(events);
    }
    Set<NewEvent> suspects = new HashSet<>();
    for (NewEvent event : events) {
      // Also for one that will not be looked up: the numbers of known streams stay known.
      if (!heights.isNew(event.position()) && asks) {
        suspects.add(event);
      }
    }
    return suspects;
  }

  private boolean asks() {
    return !mayNotRead.get() || System.nanoTime() - asksAgainAt >= 0;
  }

  /** After they were written: the document ids that do. Empty when it cannot be found out. */
  Set<String> conflicting(Collection<NewEvent> written) {
    if (written.isEmpty() || !asks()) {
      return Set.of();
    }
    try {
      refresh();
      Set<String> conflicting = new HashSet<>();
      List<NewEvent> rest = new ArrayList<>(written);
      for (int from = 0; from < rest.size(); from += IDS_PER_LOOKUP) {
        lookUp(rest.subList(from, Math.min(rest.size(), from + IDS_PER_LOOKUP)), conflicting);
      }
      noteThatItMayRead();
      return conflicting;
    } catch (IOException | ElasticsearchException e) {
      failed(e);
      return Set.of();
    }
  }

  /** What was written a moment ago counts as well. */
  private void refresh() throws IOException {
    client.indices().refresh(refresh -> refresh.index(Reader.INDICES));
  }

  private void lookUp(List<NewEvent> written, Set<String> conflicting) throws IOException {
    List<String> ids = written.stream().map(event -> event.position().eventId()).toList();
    SearchResponse<Void> found =
        client.search(
            search ->
                search
                    .index(Reader.INDICES)
                    .query(anyOf("event.id", ids))
                    .source(source -> source.fetch(false))
                    .size(MAX_HITS),
            Void.class);
    Set<String> stored = found.hits().hits().stream().map(Hit::id).collect(Collectors.toSet());
    for (NewEvent event : written) {
      String prefix = event.position().eventId() + ".";
      if (stored.stream().anyMatch(id -> id.startsWith(prefix) && !id.equals(event.documentId()))) {
        conflicting.add(event.documentId());
      }
    }
  }

  private void learn(List<NewEvent> events) {
    List<StreamId> unknown = unknown(events);
    if (unknown.isEmpty()) {
      return;
    }
    try {
      refresh();
      List<StringTermsBucket> stored = highestNumbers(unknown);
      noteThatItMayRead();
      unknown.forEach(stream -> heights.learn(stream, StreamHeights.NONE));
      for (StringTermsBucket bucket : stored) {
        heights.learn(
            StreamId.parse(bucket.key().stringValue()),
            (long) bucket.aggregations().get("highest").max().value());
      }
    } catch (IOException | ElasticsearchException e) {
      // Its events stay suspects. The write that follows says what is wrong with the server.
      noteWhetherForbidden(e);
    }
  }

  private List<StreamId> unknown(List<NewEvent> events) {
    Set<StreamId> unknown = new LinkedHashSet<>();
    StreamId last = StreamId.NONE;
    for (NewEvent event : events) {
      StreamId stream = event.position().stream();
      if (!stream.equals(last) && !heights.knows(stream)) { // many come from the one before
        unknown.add(stream);
      }
      last = stream;
    }
    return List.copyOf(unknown);
  }

  private List<StringTermsBucket> highestNumbers(List<StreamId> streams) throws IOException {
    List<String> names = streams.stream().map(StreamId::toString).toList();
    SearchResponse<Void> found =
        client.search(
            search ->
                search
                    .index(Reader.INDICES)
                    .query(anyOf("agent.ephemeral_id", names))
                    .size(0)
                    .aggregations(
                        "streams",
                        streamsOf ->
                            streamsOf
                                .terms(t -> t.field("agent.ephemeral_id").size(names.size()))
                                .aggregations(
                                    "highest",
                                    highest -> highest.max(m -> m.field("event.sequence")))),
            Void.class);
    return found.aggregations().containsKey("streams")
            && found.aggregations().get("streams").isSterms()
        ? found.aggregations().get("streams").sterms().buckets().array()
        : List.of();
  }

  private static Query anyOf(String field, List<String> values) {
    List<FieldValue> wanted = values.stream().map(FieldValue::of).toList();
    return QueryBuilders.terms(terms -> terms.field(field).terms(t -> t.value(wanted)));
  }

  private void failed(Exception e) {
    if (!noteWhetherForbidden(e)) {
      LOG.warn(
          "elasticsearch: could not look for forged event ids: {}",
          Trouble.of(config, e).sentence());
    }
  }

  private void noteThatItMayRead() {
    if (mayNotRead.get() && mayNotRead.getAndSet(false)) {
      LOG.info("elasticsearch: this user may read audit-* now; forged event ids are looked for");
    }
  }

  private boolean noteWhetherForbidden(Exception e) {
    boolean forbidden = e instanceof ElasticsearchException answer && answer.status() == FORBIDDEN;
    if (!forbidden) {
      return false;
    }
    asksAgainAt = System.nanoTime() + beforeAskingAgain.toNanos();
    if (!mayNotRead.getAndSet(true)) {
      LOG.warn(
          "elasticsearch: this user may not read and refresh audit-*, so forged event ids are"
              + " noticed only when they are read; give it the roles bitacora-viewer and"
              + " bitacora-bootstrap");
    }
    return true;
  }
}
