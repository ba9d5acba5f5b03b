package dev.bitacora.collector.streams;

import dev.bitacora.collector.streams.ControlRecord.Predecessor;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a store knows of streams, asked with few and cheap questions: ranges are counted and halved
 * where the count is too small, never read. Every method throws {@link StoreException} when the
 * store can not give a whole answer. Safe for any thread.
 */
final class StoredStreams {
  /** Streams of one log that are recalled after it became ours: those with the most records. */
  static final int MOST_STREAMS = 1000;

  private static final FieldName STREAM = FieldName.of("agent.ephemeral_id");
  private static final FieldName SEQUENCE = FieldName.of("event.sequence");
  private static final FieldName INGESTED = FieldName.of("event.ingested");
  private static final FieldName LOG = FieldName.of("ledger.log");
  private static final FieldName DATASET = FieldName.of("event.dataset");
  private static final FieldName ACTION = FieldName.of("event.action");
  private static final FieldName PREDECESSOR = FieldName.of("audit.details.predecessors.stream");

  /**
   * Enough to tell some dozens of gaps apart; what is not halved to the end is given as a whole.
   */
  private static final int MOST_COUNTS = 1000;

  private static final int NEWEST = 20;

  private final AuditStore store;

  StoredStreams(AuditStore store) {
    this.store = store;
  }

  /**
   * Which numbers of a range are neither in the store nor explained by a control record there. A
   * forged second event under a number counts as one more, so it can hide one that is missing
   * between the same two halves; it is a conflict, which has an alarm of its own.
   */
  List<SequenceRange> missing(StreamId stream, SequenceRange asked) {
    Explained explained = explained(stream, asked);
    Deque<SequenceRange> open = new ArrayDeque<>(List.of(asked));
    List<SequenceRange> missing = new ArrayList<>();
    for (int counts = 0; !open.isEmpty(); counts++) {
      SequenceRange range = open.pollFirst();
      long expected = range.size() - explained.within(range);
      long found = expected == 0 || counts > MOST_COUNTS ? 0 : count(stream, range);
      if (found < expected && (found == 0 || counts > MOST_COUNTS)) {
        missing.add(range);
      } else if (found != expected && range.size() > 1) {
        // Broad before deep: when the questions run out, every gap is known at least roughly.
        long middle = range.first() + (range.size() - 1) / 2;
        open.addLast(new SequenceRange(range.first(), middle));
        open.addLast(new SequenceRange(middle + 1, range.last()));
      }
    }
    missing.sort(Comparator.comparingLong(SequenceRange::first));
    return explained.outOf(SequenceRange.joined(missing));
  }

  /** The lowest number among a stream's oldest records that a log took after a moment. */
  OptionalLong oldestSince(StreamId stream, Instant moment) {
    return find(and(match(STREAM, stream), since(moment)), Order.OLDEST_FIRST, NEWEST).stream()
        .mapToLong(event -> event.position().sequence())
        .min();
  }

  boolean hasAnyOf(StreamId stream) {
    return store.count(Selection.of(match(STREAM, stream))) > 0;
  }

  /** What later streams say about the end of this one. */
  List<Succession> successorsOf(StreamId stream) {
    Query query = and(match(PREDECESSOR, stream), new Query.Match(ACTION, Actions.AGENT_READY));
    List<Succession> said = new ArrayList<>();
    for (StoredEvent found : find(query, Order.NEWEST_FIRST, NEWEST)) {
      AuditEvent event = parse(found);
      String component = event.text("service.name").orElse("");
      predecessors(event)
          .filter(before -> before.stream().equals(stream))
          .forEach(before -> said.add(new Succession(before, component, found.ingested())));
    }
    return said;
  }

  private static Stream<Predecessor> predecessors(AuditEvent event) {
    return ControlRecord.of(event).stream().flatMap(record -> record.predecessors().stream());
  }

  /** When the log took the newest of its records that are in the store. */
  Optional<Instant> newestOf(String log) {
    return find(new Query.Match(LOG, log), Order.NEWEST_FIRST, NEWEST).stream()
        .map(StoredEvent::ingested)
        .max(Comparator.naturalOrder());
  }

  /** The streams of a log that wrote control records after a moment. */
  List<StreamId> streamsOf(String log, Instant moment) {
    Query query =
        and(new Query.Match(LOG, log), new Query.Match(DATASET, "control"), since(moment));
    return store
        .facets(Selection.of(query), List.of(STREAM), MOST_STREAMS)
        .getOrDefault(STREAM, List.of())
        .stream()
        .map(FacetValue::value)
        .map(StreamId::parse)
        .filter(WatchedStream::isWatched)
        .toList();
  }

  /** What the store knows of a stream; empty when it knows nothing. */
  Optional<StoredStream> recall(StreamId stream) {
    List<StoredEvent> newest = find(match(STREAM, stream), Order.NEWEST_FIRST, NEWEST);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    StoredEvent highest =
        newest.stream()
            .max(Comparator.comparingLong(event -> event.position().sequence()))
            .orElseThrow();
    return Optional.of(
        new StoredStream(
            stream,
            highest.position().sequence(),
            parse(highest),
            highest.ingested(),
            newest(stream, Actions.AGENT_HEARTBEAT, Actions.AGENT_READY),
            newest(stream, Actions.AGENT_STOP)));
  }

  private OptionalLong newest(StreamId stream, String... actions) {
    return find(and(match(STREAM, stream), anyOf(actions)), Order.NEWEST_FIRST, 1).stream()
        .mapToLong(event -> event.position().sequence())
        .findFirst();
  }

  private long count(StreamId stream, SequenceRange range) {
    return store.count(
        Selection.of(
            and(
                match(STREAM, stream),
                sequence(Query.Comparison.AT_LEAST, range.first()),
                sequence(Query.Comparison.AT_MOST, range.last()))));
  }

  /** A control record has the last number of its range, so it is found above the first. */
  private Explained explained(StreamId stream, SequenceRange asked) {
    Query query =
        and(
            match(STREAM, stream),
            anyOf(Actions.AGENT_DROPPED, Actions.AGENT_LOST),
            sequence(Query.Comparison.AT_LEAST, asked.first()));
    Explained explained = new Explained();
    store.stream(
        Selection.of(query),
        found ->
            ControlRecord.of(parse(found))
                .flatMap(record -> record.explains(found.position().sequence()))
                .flatMap(range -> range.and(asked))
                .ifPresent(range -> explained.add(range, found.position().sequence())));
    return explained;
  }

  private List<StoredEvent> find(Query query, Order order, int size) {
    SearchPage page =
        store.search(new SearchRequest(Selection.of(query), order, size, Optional.empty()));
    if (!page.completeness().isComplete()) {
      throw new StoreException("the store's answer has gaps: " + page.completeness().gaps());
    }
    return page.events();
  }

  private static AuditEvent parse(StoredEvent stored) {
    try {
      return AuditEvent.parse(stored.original());
    } catch (InvalidEventException e) {
      throw new StoreException("store: " + stored.documentId() + " holds no event", e);
    }
  }

  private static Query match(FieldName field, StreamId stream) {
    return new Query.Match(field, stream.toString());
  }

  private static Query since(Instant moment) {
    return new Query.Range(INGESTED, Query.Comparison.AT_LEAST, EventTime.format(moment));
  }

  private static Query sequence(Query.Comparison comparison, long bound) {
    return new Query.Range(SEQUENCE, comparison, Long.toString(bound));
  }

  private static Query anyOf(String... actions) {
    List<Query> clauses = new ArrayList<>();
    for (String action : actions) {
      clauses.add(new Query.Match(ACTION, action));
    }
    return clauses.size() == 1 ? clauses.get(0) : new Query.Or(clauses);
  }

  private static Query and(Query... clauses) {
    return new Query.And(Arrays.asList(clauses));
  }

  /** Numbers that control records stand for; the records' own numbers are in the store. */
  private static final class Explained {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    void add(SequenceRange range, long own) {
      long first = range.first();
      long last = range.last() == own ? own - 1 : range.last();
      if (last < first) {
        return;
      }
      // Two records may explain the same number: it counts once.
      Map.Entry<Long, Long> touching = lastByFirst.floorEntry(last + 1);
      while (touching != null && touching.getValue() >= first - 1) {
        lastByFirst.remove(touching.getKey());
        first = Math.min(first, touching.getKey());
        last = Math.max(last, touching.getValue());
        touching = lastByFirst.floorEntry(last + 1);
      }
      lastByFirst.put(first, last);
    }

    long within(SequenceRange range) {
      return all()
          .flatMap(explained -> explained.and(range).stream())
          .mapToLong(SequenceRange::size)
          .sum();
    }

    List<SequenceRange> outOf(List<SequenceRange> missing) {
      Holes left = Holes.of(missing, 0);
      all().forEach(left::fill);
      return left.ranges();
    }

    private Stream<SequenceRange> all() {
      return lastByFirst.entrySet().stream()
          .map(entry -> new SequenceRange(entry.getKey(), entry.getValue()));
    }
  }
}
