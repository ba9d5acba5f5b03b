package dev.bitacora.store;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps events once each and finds them again. One contract suite, {@code AuditStoreContract}, says
 * what every implementation does.
 *
 * <p>Constructors do no I/O; {@link #start} does. Safe for any thread between {@code start} and
 * {@code close}. Reading methods throw {@link StoreException} when no answer can be given; a
 * partial answer says so in its {@link Completeness} and is never silent.
 */
public interface AuditStore extends AutoCloseable {

  /**
   * Opens the store.
   *
   * @throws StoreException when it cannot be, saying what to do
   */
  void start();

  /**
   * Writes events and returns when they are durable: one result per event, in order. Never throws
   * for an event or for trouble with the store, which are results; never retries. The same event
   * again is a {@link WriteResult.Status#DUPLICATE} and is kept once.
   */
  List<WriteResult> write(List<NewEvent> events);

  /** One page of events. What was written is found within a second. */
  SearchPage search(SearchRequest request);

  /** How many events there are. */
  long count(Selection selection);

  /**
   * The most frequent values of fields, by falling count, then by value. Keyword, long and ip
   * fields, and keys of flattened ones.
   *
   * @param top values per field, 1 to 1,000
   */
  Map<FieldName, List<FacetValue>> facets(Selection selection, List<FieldName> fields, int top);

  /**
   * Counts per interval and outcome. Buckets begin at multiples of the interval since 1970; empty
   * ones are left out.
   *
   * @param interval at least a millisecond
   */
  List<HistogramBucket> histogram(Selection selection, Duration interval);

  /**
   * The events with this {@code event.id} that the scope allows: none, one, or several when
   * somebody forged an id; by hash.
   */
  List<StoredEvent> get(String eventId, Query scope);

  /** Every event of a selection, oldest first, in constant memory; one consistent snapshot. */
  void stream(Selection selection, Consumer<StoredEvent> consumer);

  /** The periods of a family that there are, oldest first. */
  List<Period> periods(Family family);

  /**
   * How many events of a period match, all that were written before the call among them.
   *
   * @throws StoreException when they cannot all be counted, or the period is not there
   */
  long count(Period period, Query query);

  /** Deletes a period whole; nothing when it is not there. */
  void delete(Period period);

  /**
   * How many of these events match.
   *
   * @throws StoreException when they cannot all be counted
   */
  long count(Unplaced unplaced, Query query);

  /**
   * Deletes those of these events that match.
   *
   * @return how many they were
   */
  long delete(Unplaced unplaced, Query query);

  /** Whether the store answers; why not, and what to do. */
  StoreHealth check();

  /** Idempotent. What {@link #write} returned as durable stays. */
  @Override
  void close();
}
