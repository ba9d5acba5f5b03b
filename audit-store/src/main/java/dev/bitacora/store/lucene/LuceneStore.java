package dev.bitacora.store.lucene;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Completeness;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.Family;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.TimeRange;
import dev.bitacora.store.Unplaced;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.Version;

/**
 * Keeps events in Lucene indices in a local directory, one index per family and period. {@link
 * #write} returns when its events are on disk; calls at the same time share the work of getting
 * them there. What it returned is found by the next search.
 *
 * <p>Safe for any thread between {@link #start} and {@link #close}; one process at a time, which a
 * lock on the directory enforces. After a failure to write, such as a full disk, later writes try
 * again from what is durable.
 */
public final class LuceneStore implements AuditStore {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
  private static final int MAX_FACET_VALUES = 1000;
  private static final int STREAM_PAGE = 2000;

  private final Path directory;
  private final Retention retention;
  private final Duration timeLimit;

  private volatile Opened opened;

  /** What there is between start and close. */
  private record Opened(Partitions partitions, EventWriter writer, AddingThreads threads) {}

  /**
   * @param directory made by {@link #start} when it is not there
   */
  public LuceneStore(Path directory, Retention retention) {
    this(directory, retention, TIME_LIMIT);
  }

  LuceneStore(Path directory, Retention retention, Duration timeLimit) {
    this.directory = directory;
    this.retention = retention;
    this.timeLimit = timeLimit;
  }

  @Override
  public synchronized void start() {
    try {
      Partitions partitions = Partitions.open(directory);
      AddingThreads threads = new AddingThreads();
      opened = new Opened(partitions, new EventWriter(partitions, retention, threads), threads);
    } catch (IOException e) {
      throw new StoreException(
          "store: cannot open "
              + directory
              + " ("
              + e
              + "); check that this user may write there and the disk has space",
          e);
    }
  }

  @Override
  public List<WriteResult> write(List<NewEvent> events) {
    Opened now = opened;
    return now == null
        ? Collections.nCopies(
            events.size(), new WriteResult(Status.ENVIRONMENT, notOpen().getMessage()))
        : now.writer().write(events);
  }

  /** Log → highest offset that is durable, so that who numbers a log can go on. */
  public Map<String, Long> positions() {
    return answer(() -> opened().partitions().positions());
  }

  @Override
  public SearchPage search(SearchRequest request) {
    Order order = request.order();
    Optional<Cursor> after = request.after().map(text -> Cursor.parse(text, order));
    return read(
        request.selection(),
        (snapshot, query) -> {
          ScoreDoc[] found = snapshot.top(query, order, after, request.size() + 1);
          int shown = Math.min(found.length, request.size());
          List<StoredEvent> events = new ArrayList<>(shown);
          for (int i = 0; i < shown; i++) {
            events.add(snapshot.event(found[i]));
          }
          Optional<String> next =
              found.length > shown
                  ? Optional.of(Snapshot.cursor(found[shown - 1], order).text())
                  : Optional.empty();
          return new SearchPage(events, next, snapshot.count(query), Completeness.COMPLETE);
        });
  }

  @Override
  public long count(Selection selection) {
    return read(selection, Snapshot::count);
  }

  @Override
  public Map<FieldName, List<FacetValue>> facets(
      Selection selection, List<FieldName> fields, int top) {
    if (top < 1 || top > MAX_FACET_VALUES) {
      throw new IllegalArgumentException(
          "top: expected 1 to " + MAX_FACET_VALUES + ", found " + top);
    }
    Deadline deadline = new Deadline(timeLimit);
    return read(
        selection,
        deadline,
        (snapshot, query) -> {
          Facets facets = new Facets(snapshot.reader(), snapshot.matching(query), deadline);
          Map<FieldName, List<FacetValue>> values = new LinkedHashMap<>();
          for (FieldName field : fields) {
            values.put(field, facets.top(field, top));
          }
          return values;
        });
  }

  @Override
  public List<HistogramBucket> histogram(Selection selection, Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("interval: expected at least a millisecond");
    }
    Deadline deadline = new Deadline(timeLimit);
    return read(
        selection,
        deadline,
        (snapshot, query) ->
            new Histogram(snapshot.reader(), snapshot.matching(query), deadline, interval)
                .buckets());
  }

  @Override
  public List<StoredEvent> get(String eventId, Query scope) {
    Query id = new Query.Match(FieldName.of("event.id"), eventId);
    Selection selection = new Selection(id, scope, TimeRange.ALL);
    return read(
        selection,
        (snapshot, query) -> {
          List<StoredEvent> events = new ArrayList<>();
          for (ScoreDoc found : snapshot.top(query, Order.OLDEST_FIRST, Optional.empty(), 1000)) {
            events.add(snapshot.event(found));
          }
          events.sort(Comparator.comparing(StoredEvent::hash));
          return events;
        });
  }

  @Override
  public void stream(Selection selection, Consumer<StoredEvent> consumer) {
    read(
        selection,
        Optional.empty(),
        (snapshot, query) -> {
          Optional<Cursor> after = Optional.empty();
          while (true) {
            ScoreDoc[] found = snapshot.top(query, Order.OLDEST_FIRST, after, STREAM_PAGE);
            for (ScoreDoc one : found) {
              consumer.accept(snapshot.event(one));
            }
            if (found.length < STREAM_PAGE) {
              return null;
            }
            after = Optional.of(Snapshot.cursor(found[found.length - 1], Order.OLDEST_FIRST));
          }
        });
  }

  @Override
  public List<Period> periods(Family family) {
    return opened().partitions().all().stream()
        .flatMap(partition -> Period.of(family, partition.name()).stream())
        .toList();
  }

  /** Takes the time that it takes: a count that is cut short would keep a period for ever. */
  @Override
  public long count(Period period, Query query) {
    return countIn(period.index(), QueryCompiler.compile(query));
  }

  @Override
  public void delete(Period period) {
    answer(
        () -> {
          opened().writer().delete(period);
          return null;
        });
  }

  @Override
  public long count(Unplaced unplaced, Query query) {
    return countIn(Placement.UNPLACED, QueryCompiler.compile(unplaced, query));
  }

  @Override
  public long delete(Unplaced unplaced, Query query) {
    org.apache.lucene.search.Query matching = QueryCompiler.compile(unplaced, query);
    long count = countIn(Placement.UNPLACED, matching);
    if (count > 0) {
      answer(
          () -> {
            opened().writer().deleteUnplaced(matching);
            return null;
          });
    }
    return count;
  }

  private long countIn(String index, org.apache.lucene.search.Query query) {
    return answer(
        () -> {
          Partition partition =
              opened()
                  .partitions()
                  .find(index)
                  .orElseThrow(
                      () -> new StoreException("store: " + directory + " has no " + index));
          try (Snapshot snapshot = new Snapshot(opened().partitions(), partition)) {
            return snapshot.count(query);
          }
        });
  }

  @Override
  public StoreHealth check() {
    try {
      long events = count(Selection.ALL);
      return new StoreHealth(
          true, "Lucene " + Version.LATEST + " in " + directory + " with " + events + " events");
    } catch (StoreException e) {
      return new StoreHealth(false, e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    Opened closing = opened;
    if (closing == null) {
      return;
    }
    opened = null;
    try {
      IOUtils.close(closing.threads(), closing.partitions());
    } catch (IOException e) {
      throw new StoreException("store: " + directory + " did not close well: " + e, e);
    }
  }

  private Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw notOpen();
    }
    return now;
  }

  private StoreException notOpen() {
    return new StoreException("store: " + directory + " is not open");
  }

  private interface Reading<T> {
    T read(Snapshot snapshot, org.apache.lucene.search.Query query) throws IOException;
  }

  private <T> T read(Selection selection, Reading<T> reading) {
    return read(selection, new Deadline(timeLimit), reading);
  }

  private <T> T read(Selection selection, Deadline deadline, Reading<T> reading) {
    return read(selection, Optional.of(deadline), reading);
  }

  private <T> T read(Selection selection, Optional<Deadline> deadline, Reading<T> reading) {
    return answer(
        () -> {
          try (Snapshot snapshot =
              new Snapshot(opened().partitions(), selection.range(), deadline)) {
            return reading.read(snapshot, QueryCompiler.compile(selection));
          }
        });
  }

  private interface Answering<T> {
    T answer() throws IOException;
  }

  private <T> T answer(Answering<T> answering) {
    try {
      return answering.answer();
    } catch (IOException | AlreadyClosedException e) {
      throw new StoreException("store: cannot read " + directory + " (" + e + ")", e);
    }
  }
}
