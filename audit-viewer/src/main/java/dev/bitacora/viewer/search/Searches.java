package dev.bitacora.viewer.search;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.TimeRange;
import dev.bitacora.viewer.access.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Asks the store on somebody's behalf: within their scope, ten seconds per query, three at once per
 * user. Safe for any thread. Throws {@code StoreException} when there is no answer.
 */
public final class Searches implements AutoCloseable {
  /** How many events a trace shows; a longer one says that there are more. */
  public static final int TRACE_SIZE = 1000;

  /** How many events before and after one belong to its surroundings. */
  public static final int AROUND = 20;

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int PER_USER = 3;

  private final AuditStore store;
  private final QueryGate gate;

  public Searches(AuditStore store) {
    this(store, LIMIT, PER_USER);
  }

  Searches(AuditStore store, Duration limit, int perUser) {
    this.store = store;
    gate = new QueryGate(limit, perUser);
  }

  /** One page of a search. */
  public Found search(Identity who, SearchParameters wanted) throws TooManyQueriesException {
    return gate.ask(who, () -> page(who, wanted));
  }

  /** One page of a search, with facets and histogram. */
  public Overview overview(Identity who, SearchParameters wanted) throws TooManyQueriesException {
    Selection selection = selection(who, wanted.query(), wanted.span());
    Duration interval =
        HistogramParameters.interval(wanted.span(), HistogramParameters.DEFAULT_BUCKETS);
    List<Callable<Object>> questions =
        List.of(
            () -> page(who, wanted),
            () ->
                store.facets(
                    selection, FacetParameters.DEFAULT_FIELDS, FacetParameters.DEFAULT_SIZE),
            () -> store.histogram(selection, interval));
    List<Object> answers = gate.askAll(who, questions);
    @SuppressWarnings("unchecked") // the answers stand in the order of the questions
    Map<FieldName, List<FacetValue>> facets = (Map<FieldName, List<FacetValue>>) answers.get(1);
    @SuppressWarnings("unchecked") // as above
    List<HistogramBucket> histogram = (List<HistogramBucket>) answers.get(2);
    return new Overview((Found) answers.get(0), facets, histogram, interval);
  }

  public Map<FieldName, List<FacetValue>> facets(Identity who, FacetParameters wanted)
      throws TooManyQueriesException {
    Selection selection = selection(who, wanted.query(), wanted.span());
    return gate.ask(who, () -> store.facets(selection, wanted.fields(), wanted.size()));
  }

  public List<HistogramBucket> histogram(Identity who, HistogramParameters wanted)
      throws TooManyQueriesException {
    Selection selection = selection(who, wanted.query(), wanted.span());
    return gate.ask(who, () -> store.histogram(selection, wanted.interval()));
  }

  /** The events of this id that they may see. */
  public List<StoredEvent> get(Identity who, String eventId) throws TooManyQueriesException {
    return gate.ask(who, () -> store.get(eventId, who.scope()));
  }

  /** The events and log lines of one request, oldest first. */
  public Found trace(Identity who, String traceId) throws TooManyQueriesException {
    Query query = new Query.Match(FieldName.of("trace.id"), traceId);
    Selection selection = new Selection(query, who.scope(), TimeRange.ALL);
    return gate.ask(
        who,
        () ->
            found(new SearchRequest(selection, Order.OLDEST_FIRST, TRACE_SIZE, Optional.empty())));
  }

  /** What happened around an event to whatever has this value in this field. */
  public Surroundings around(Identity who, StoredEvent event, FieldName by, String value)
      throws TooManyQueriesException {
    Query query = new Query.Match(by, value);
    List<Callable<List<StoredEvent>>> questions =
        List.of(() -> before(who, event, query), () -> after(who, event, query));
    List<List<StoredEvent>> answers = gate.askAll(who, questions);
    // Both halves hold what happened at the very same moment: each event is shown once.
    Map<String, StoredEvent> events = new LinkedHashMap<>();
    answers.get(0).forEach(found -> events.put(found.documentId(), found));
    events.putIfAbsent(event.documentId(), event);
    answers.get(1).forEach(found -> events.putIfAbsent(found.documentId(), found));
    List<StoredEvent> ordered = new ArrayList<>(events.values());
    ordered.sort(
        java.util.Comparator.comparing(StoredEvent::time).thenComparing(StoredEvent::documentId));
    return new Surroundings(by, value, ordered);
  }

  private List<StoredEvent> before(Identity who, StoredEvent event, Query query) {
    TimeRange range = new TimeRange(TimeRange.ALL.from(), event.time().plusNanos(1));
    return near(who, query, range, Order.NEWEST_FIRST);
  }

  private List<StoredEvent> after(Identity who, StoredEvent event, Query query) {
    TimeRange range = new TimeRange(event.time(), TimeRange.ALL.to());
    return near(who, query, range, Order.OLDEST_FIRST);
  }

  private List<StoredEvent> near(Identity who, Query query, TimeRange range, Order order) {
    Selection selection = new Selection(query, who.scope(), range);
    return store.search(new SearchRequest(selection, order, AROUND + 1, Optional.empty())).events();
  }

  private Found page(Identity who, SearchParameters wanted) {
    SearchRequest request =
        new SearchRequest(
            selection(who, wanted.query(), wanted.span()),
            wanted.order(),
            wanted.size(),
            wanted.storePosition());
    Found found = found(request);
    return new Found(
        found.events(),
        found.next().map(wanted::cursor),
        found.total(),
        found.completeness(),
        found.took());
  }

  private Found found(SearchRequest request) {
    long start = System.nanoTime();
    SearchPage page = store.search(request);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Found(page.events(), page.next(), page.total(), page.completeness(), took);
  }

  private static Selection selection(Identity who, Query query, Span span) {
    return new Selection(query, who.scope(), span.range());
  }

  @Override
  public void close() {
    gate.close();
  }
}
