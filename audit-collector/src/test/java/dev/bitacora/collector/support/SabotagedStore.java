package dev.bitacora.collector.support;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.Family;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.Unplaced;
import dev.bitacora.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;

/** A real store whose answers to single events, or to whole batches, a test can replace. */
public final class SabotagedStore implements AuditStore {
  private final AuditStore real;
  private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
  private volatile Function<NewEvent, Optional<WriteResult>> sabotage = event -> Optional.empty();
  private volatile Function<List<WriteResult>, List<WriteResult>> answers = results -> results;
  private volatile int maxBatch = Integer.MAX_VALUE;
  private volatile CountDownLatch stall = new CountDownLatch(0);
  private volatile Consumer<Query> beforeCount = query -> {};
  private volatile Consumer<Period> beforeDeletion = period -> {};
  private volatile Consumer<Period> afterDeletion = period -> {};

  public SabotagedStore(AuditStore real) {
    this.real = real;
  }

  /** Answers so for these events, which do not reach the real store. */
  public void answer(Function<NewEvent, Optional<WriteResult>> replacement) {
    sabotage = replacement;
  }

  /** Answers so for every event; none reaches the real store. */
  public void answerAll(WriteResult.Status status, String detail) {
    answer(event -> Optional.of(new WriteResult(status, detail)));
  }

  /** Answers no write until it is repaired; then the real store takes those that waited. */
  public void stall() {
    stall = new CountDownLatch(1);
  }

  /** Changes the real answers after the write has happened. */
  public void distort(Function<List<WriteResult>, List<WriteResult>> distortion) {
    answers = distortion;
  }

  /** Refuses whole batches above this size as too large. */
  public void refuseBatchesAbove(int size) {
    maxBatch = size;
  }

  /** Answers truly again. */
  public void repair() {
    sabotage = event -> Optional.empty();
    answers = results -> results;
    maxBatch = Integer.MAX_VALUE;
    beforeCount = query -> {};
    beforeDeletion = period -> {};
    afterDeletion = period -> {};
    stall.countDown();
  }

  /** Called before a period's events are counted; when it throws, they are not. */
  public void beforeCount(Consumer<Query> action) {
    beforeCount = action;
  }

  /** Called before a period is deleted; when it throws, the period stays. */
  public void beforeDeletion(Consumer<Period> action) {
    beforeDeletion = action;
  }

  /** Called after a period was deleted; when it throws, the caller does not learn that it was. */
  public void afterDeletion(Consumer<Period> action) {
    afterDeletion = action;
  }

  /** How many events each write had. */
  public List<Integer> batchSizes() {
    return batchSizes;
  }

  @Override
  public List<WriteResult> write(List<NewEvent> events) {
    batchSizes.add(events.size());
    awaitRepair();
    if (events.size() > maxBatch) {
      WriteResult tooLarge = new WriteResult(WriteResult.Status.TOO_LARGE, "413");
      return events.stream().map(event -> tooLarge).toList();
    }
    List<Optional<WriteResult>> replaced = events.stream().map(sabotage).toList();
    List<NewEvent> passed = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (replaced.get(i).isEmpty()) {
        passed.add(events.get(i));
      }
    }
    var results = (passed.isEmpty() ? List.<WriteResult>of() : real.write(passed)).iterator();
    return answers.apply(replaced.stream().map(answer -> answer.orElseGet(results::next)).toList());
  }

  private void awaitRepair() {
    try {
      stall.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void start() {
    real.start();
  }

  @Override
  public SearchPage search(SearchRequest request) {
    return real.search(request);
  }

  @Override
  public long count(Selection selection) {
    return real.count(selection);
  }

  @Override
  public Map<FieldName, List<FacetValue>> facets(
      Selection selection, List<FieldName> fields, int top) {
    return real.facets(selection, fields, top);
  }

  @Override
  public List<HistogramBucket> histogram(Selection selection, Duration interval) {
    return real.histogram(selection, interval);
  }

  @Override
  public List<StoredEvent> get(String eventId, Query scope) {
    return real.get(eventId, scope);
  }

  @Override
  public void stream(Selection selection, Consumer<StoredEvent> consumer) {
    real.stream(selection, consumer);
  }

  @Override
  public List<Period> periods(Family family) {
    return real.periods(family);
  }

  @Override
  public long count(Period period, Query query) {
    beforeCount.accept(query);
    return real.count(period, query);
  }

  @Override
  public void delete(Period period) {
    beforeDeletion.accept(period);
    real.delete(period);
    afterDeletion.accept(period);
  }

  @Override
  public long count(Unplaced unplaced, Query query) {
    return real.count(unplaced, query);
  }

  @Override
  public long delete(Unplaced unplaced, Query query) {
    return real.delete(unplaced, query);
  }

  @Override
  public StoreHealth check() {
    return real.check();
  }

  @Override
  public void close() {
    real.close();
  }
}
