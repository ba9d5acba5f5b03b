package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.Family;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.Unplaced;
import dev.bitacora.store.WriteResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps events in Elasticsearch, one index per family and period, which it makes itself after
 * checking that {@link ElasticsearchSetup} has been run. Any number of processes may write and read
 * at the same time; a document's id follows from its event, so the same event is never kept twice.
 *
 * <p>{@link #start} does not connect: the service starts while Elasticsearch is away and {@link
 * #check} says so. {@link #write} waits up to a minute for an answer, everything else up to twenty
 * seconds. A write is durable when it returns (translog synced); it is found within a second.
 */
public final class ElasticsearchStore implements AuditStore {
  private static final int FORBIDDEN = 403;
  private static final int MAX_FACET_VALUES = 1000;

  private final ElasticsearchConfig config;
  private final Retention retention;

  private volatile Opened opened;

  /** What there is between start and close. */
  private record Opened(
      Connection connection,
      BulkWriter writer,
      Snapshots snapshots,
      Reader reader,
      Summaries summaries,
      Expiry expiry) {}

  public ElasticsearchStore(ElasticsearchConfig config, Retention retention) {
    this.config = config;
    this.retention = retention;
  }

  @Override
  public synchronized void start() {
    if (opened != null) {
      return;
    }
    Connection connection = Connection.open(config);
    Snapshots snapshots = new Snapshots(connection.reading());
    opened =
        new Opened(
            connection,
            new BulkWriter(config, retention, connection),
            snapshots,
            new Reader(connection.reading(), snapshots),
            new Summaries(connection.reading()),
            new Expiry(connection.writing()));
  }

  @Override
  public List<WriteResult> write(List<NewEvent> events) {
    return opened().writer().write(events);
  }

  @Override
  public SearchPage search(SearchRequest request) {
    return answer("search", () -> opened().reader().page(request));
  }

  @Override
  public long count(Selection selection) {
    return answer("count", () -> opened().summaries().count(selection));
  }

  @Override
  public Map<FieldName, List<FacetValue>> facets(
      Selection selection, List<FieldName> fields, int top) {
    if (top < 1 || top > MAX_FACET_VALUES) {
      throw new IllegalArgumentException(
          "top: expected 1 to " + MAX_FACET_VALUES + ", found " + top);
    }
    return answer("facets", () -> opened().summaries().facets(selection, fields, top));
  }

  @Override
  public List<HistogramBucket> histogram(Selection selection, Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("interval: expected at least a millisecond");
    }
    return answer("histogram", () -> opened().summaries().histogram(selection, interval));
  }

  @Override
  public List<StoredEvent> get(String eventId, Query scope) {
    return answer("get", () -> opened().reader().byId(eventId, scope));
  }

  @Override
  public void stream(Selection selection, Consumer<StoredEvent> consumer) {
    answer(
        "stream",
        () -> {
          opened().reader().stream(selection, consumer);
          return null;
        });
  }

  @Override
  public List<Period> periods(Family family) {
    return answer("listing the indices", () -> opened().expiry().periods(family));
  }

  @Override
  public long count(Period period, Query query) {
    return answer("counting " + period.index(), () -> opened().expiry().count(period, query));
  }

  @Override
  public void delete(Period period) {
    answer(
        "deleting " + period.index(),
        () -> {
          opened().expiry().delete(period);
          return null;
        });
  }

  @Override
  public long count(Unplaced unplaced, Query query) {
    return answer("counting " + Placement.UNPLACED, () -> opened().expiry().count(unplaced, query));
  }

  @Override
  public long delete(Unplaced unplaced, Query query) {
    return answer(
        "deleting from " + Placement.UNPLACED, () -> opened().expiry().delete(unplaced, query));
  }

  /**
   * Asks for the templates, which a writer needs; who may not see them is a reader, and is asked to
   * read.
   */
  @Override
  public StoreHealth check() {
    try {
      Optional<String> problem = TemplateCheck.problem(opened().connection().reading());
      return problem
          .map(sentence -> new StoreHealth(false, sentence))
          .orElseGet(() -> new StoreHealth(true, "Elasticsearch at " + config.where()));
    } catch (ElasticsearchException e) {
      return e.status() == FORBIDDEN ? checkReading() : down(e);
    } catch (IOException | StoreException e) {
      return down(e);
    }
  }

  private StoreHealth checkReading() {
    try {
      opened().summaries().count(Selection.ALL);
      return new StoreHealth(true, "Elasticsearch at " + config.where() + ", for reading");
    } catch (IOException | ElasticsearchException | StoreException e) {
      return down(e);
    }
  }

  private StoreHealth down(Exception e) {
    return new StoreHealth(
        false, e instanceof StoreException ? e.getMessage() : Trouble.of(config, e).sentence());
  }

  @Override
  public synchronized void close() {
    Opened closing = opened;
    if (closing != null) {
      opened = null;
      closing.snapshots().closeAll();
      closing.connection().close();
    }
  }

  /** So that a test can let one expire. */
  Snapshots snapshots() {
    return opened().snapshots();
  }

  private Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw new StoreException("the store on " + config.where() + " is not open");
    }
    return now;
  }

  private interface Asking<T> {
    T ask() throws IOException;
  }

  private <T> T answer(String tried, Asking<T> asking) {
    try {
      return asking.ask();
    } catch (IOException | ElasticsearchException e) {
      throw Trouble.unanswered(tried, config, e);
    }
  }
}
