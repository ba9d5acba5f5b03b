package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.store.Completeness;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.http.ContentTooLongException;

/** Finds events, page by page, in an order that is total. Safe for any thread. */
final class Reader {
  /** Every index of events there is. */
  static final List<String> INDICES = List.of("audit-events-*", "audit-logs-*");

  /** Elasticsearch stops looking after this and says so. */
  static final String TIME_LIMIT = "10s";

  private static final int STREAM_PAGE = 1000;
  private static final String NO_SNAPSHOT = "-";
  private static final int MAX_EVENTS_PER_ID = 1000;
  private static final int NOT_FOUND = 404;

  private final ElasticsearchClient client;
  private final Snapshots snapshots;

  Reader(ElasticsearchClient client, Snapshots snapshots) {
    this.client = client;
    this.snapshots = snapshots;
  }

  /** What one request to Elasticsearch brought. */
  private record Found(
      List<StoredEvent> events,
      boolean more,
      long total,
      Optional<String> snapshot,
      Completeness completeness) {

    Cursor cursor(Order order, String name) {
      StoredEvent last = events.get(events.size() - 1);
      return new Cursor(order, name, EventTime.format(last.time()), last.eventId(), last.hash());
    }
  }

  /**
   * Most people look at one page only, so the first one is an ordinary search; a snapshot is opened
   * for the second. The order is total, so no event stands on two pages either way.
   */
  SearchPage page(SearchRequest request) throws IOException {
    Order order = request.order();
    Optional<Cursor> after = request.after().map(text -> Cursor.parse(text, order));
    Query query = QueryCompiler.compile(request.selection());
    Found found =
        after.isEmpty()
            ? fetch(query, order, request.size(), after, Optional.empty())
            : following(query, request, after.get());
    Optional<String> name = after.map(Cursor::snapshot).filter(known -> !known.equals(NO_SNAPSHOT));
    if (!found.more()) {
      found.snapshot().ifPresent(id -> snapshots.close(name, id));
      return new SearchPage(found.events(), Optional.empty(), found.total(), found.completeness());
    }
    String next = found.snapshot().map(id -> snapshots.keep(name, id)).orElse(NO_SNAPSHOT);
    return new SearchPage(
        found.events(),
        Optional.of(found.cursor(order, next).text()),
        found.total(),
        found.completeness());
  }

  /** In one snapshot; throws rather than leave out events. */
  void stream(Selection selection, Consumer<StoredEvent> consumer) throws IOException {
    Query query = QueryCompiler.compile(selection);
    String snapshot = snapshots.open();
    try {
      Optional<Cursor> after = Optional.empty();
      boolean more = true;
      while (more) {
        Found found = fetch(query, Order.OLDEST_FIRST, STREAM_PAGE, after, Optional.of(snapshot));
        Answers.requireComplete(found.completeness());
        found.events().forEach(consumer);
        snapshot = found.snapshot().orElse(snapshot);
        more = found.more();
        after =
            more ? Optional.of(found.cursor(Order.OLDEST_FIRST, NO_SNAPSHOT)) : Optional.empty();
      }
    } finally {
      snapshots.close(snapshot);
    }
  }

  /** By hash. */
  List<StoredEvent> byId(String eventId, dev.bitacora.core.query.Query scope) throws IOException {
    ResponseBody<IndexedEvent> answer =
        client.search(
            search ->
                search
                    .index(INDICES)
                    .query(
                        q ->
                            q.bool(
                                b ->
                                    b.filter(f -> f.term(t -> t.field("event.id").value(eventId)))
                                        .filter(QueryCompiler.compile(scope))))
                    .source(source -> source.filter(filter -> filter.includes(IndexedEvent.FIELDS)))
                    .sort(by("event.hash", SortOrder.Asc))
                    .size(MAX_EVENTS_PER_ID)
                    .timeout(TIME_LIMIT),
            IndexedEvent.class);
    Answers.requireComplete(Answers.completeness(answer));
    return events(answer);
  }

  private Found following(Query query, SearchRequest request, Cursor after) throws IOException {
    Optional<String> snapshot = snapshots.find(after.snapshot());
    if (snapshot.isPresent()) {
      try {
        Found found = fetch(query, request.order(), request.size(), Optional.of(after), snapshot);
        if (found.completeness().isComplete()) {
          return found;
        }
      } catch (ElasticsearchException e) {
        if (e.status() != NOT_FOUND) {
          throw e;
        }
      }
      // It has expired, or a node that held a part of it is gone: go on in a new one.
      snapshots.close(snapshot.get());
    }
    Optional<String> opened = Optional.of(snapshots.open());
    return fetch(query, request.order(), request.size(), Optional.of(after), opened);
  }

  /** Fewer events than asked for when so many would fill the heap. */
  private Found fetch(
      Query query, Order order, int size, Optional<Cursor> after, Optional<String> snapshot)
      throws IOException {
    int wanted = size;
    while (true) {
      try {
        return fetchOnce(query, order, wanted, after, snapshot);
      } catch (IOException e) {
        if (wanted == 1 || !isTooLong(e)) {
          throw e;
        }
        wanted = Math.max(1, wanted / 4);
      }
    }
  }

  private static boolean isTooLong(Throwable e) {
    return e != null && (e instanceof ContentTooLongException || isTooLong(e.getCause()));
  }

  private Found fetchOnce(
      Query query, Order order, int size, Optional<Cursor> after, Optional<String> snapshot)
      throws IOException {
    SortOrder direction = order == Order.NEWEST_FIRST ? SortOrder.Desc : SortOrder.Asc;
    ResponseBody<IndexedEvent> answer =
        client.search(
            search -> {
              snapshot.ifPresentOrElse(
                  id -> search.pit(pit -> pit.id(id).keepAlive(Snapshots.KEEP_ALIVE)),
                  () -> search.index(INDICES));
              search
                  .query(query)
                  .source(source -> source.filter(filter -> filter.includes(IndexedEvent.FIELDS)))
                  .sort(byTime(direction), by("event.id", direction), by("event.hash", direction))
                  .trackTotalHits(track -> track.enabled(true))
                  .size(size + 1)
                  .timeout(TIME_LIMIT);
              after.ifPresent(cursor -> search.searchAfter(cursor.sortValues()));
              return search;
            },
            IndexedEvent.class);
    List<StoredEvent> events = events(answer);
    boolean more = events.size() > size;
    return new Found(
        more ? events.subList(0, size) : events,
        more,
        answer.hits().total() == null ? 0 : answer.hits().total().value(),
        Optional.ofNullable(answer.pitId()).or(() -> snapshot),
        Answers.completeness(answer));
  }

  private static List<StoredEvent> events(ResponseBody<IndexedEvent> answer) {
    return answer.hits().hits().stream()
        .map(Hit::source)
        .map(Objects::requireNonNull)
        .map(IndexedEvent::toStored)
        .toList();
  }

  private static SortOptions byTime(SortOrder order) {
    return SortOptions.of(
        sort ->
            sort.field(
                field ->
                    field
                        .field("@timestamp")
                        .order(order)
                        .format("strict_date_optional_time_nanos")));
  }

  private static SortOptions by(String name, SortOrder order) {
    return SortOptions.of(sort -> sort.field(field -> field.field(name).order(order)));
  }
}
