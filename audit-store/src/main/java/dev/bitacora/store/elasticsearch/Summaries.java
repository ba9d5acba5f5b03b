package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.DateHistogramBucket;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.Selection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts events: all of them, per value, per interval. Safe for any thread. */
final class Summaries {
  /** Values that each shard counts, so that the sum of the shards' best is the best of the sum. */
  private static final int SHARD_SIZE = 50_000;

  private static final int OUTCOMES = 10;
  private static final String HISTOGRAM = "histogram";
  private static final String OUTCOME = "outcome";

  private final ElasticsearchClient client;

  Summaries(ElasticsearchClient client) {
    this.client = client;
  }

  long count(Selection selection) throws IOException {
    return summarize(selection, Map.of()).hits().total().value();
  }

  Map<FieldName, List<FacetValue>> facets(Selection selection, List<FieldName> fields, int top)
      throws IOException {
    Map<String, Aggregation> aggregations = new LinkedHashMap<>();
    for (FieldName field : fields) {
      requireCountable(field);
      aggregations.put(aggregationOf(field), values(field.text(), top, SHARD_SIZE));
    }
    Map<String, Aggregate> answers = summarize(selection, aggregations).aggregations();
    Map<FieldName, List<FacetValue>> facets = new LinkedHashMap<>();
    for (FieldName field : fields) {
      facets.put(field, read(answers.get(aggregationOf(field))));
    }
    return facets;
  }

  List<HistogramBucket> histogram(Selection selection, Duration interval) throws IOException {
    Aggregation histogram =
        Aggregation.of(
            a ->
                a.dateHistogram(
                        h ->
                            h.field("@timestamp")
                                .fixedInterval(Time.of(t -> t.time(interval.toMillis() + "ms")))
                                .minDocCount(1))
                    .aggregations(OUTCOME, values("event.outcome", OUTCOMES, OUTCOMES)));
    Aggregate answer =
        summarize(selection, Map.of(HISTOGRAM, histogram)).aggregations().get(HISTOGRAM);
    return answer == null
        ? List.of()
        : answer.dateHistogram().buckets().array().stream().map(Summaries::bucket).toList();
  }

  private SearchResponse<Void> summarize(Selection selection, Map<String, Aggregation> aggregations)
      throws IOException {
    SearchResponse<Void> answer =
        client.search(
            search ->
                search
                    .index(Reader.INDICES)
                    .query(QueryCompiler.compile(selection))
                    .size(0)
                    .trackTotalHits(track -> track.enabled(true))
                    .aggregations(aggregations)
                    .timeout(Reader.TIME_LIMIT),
            Void.class);
    Answers.requireComplete(Answers.completeness(answer));
    return answer;
  }

  /** Elasticsearch's names of aggregations have no brackets. */
  private static String aggregationOf(FieldName field) {
    return field.text().replace('[', '(').replace(']', ')').replace('>', ')');
  }

  private static void requireCountable(FieldName field) {
    boolean countable =
        field.type() == FieldType.KEYWORD
            || field.type() == FieldType.LONG
            || field.type() == FieldType.IP
            || field.type() == FieldType.FLATTENED;
    if (!countable) {
      throw new IllegalArgumentException(
          field.text() + " has no values to count: facets are for keywords, numbers and addresses");
    }
  }

  private static Aggregation values(String field, int top, int shardSize) {
    return Aggregation.of(
        a -> a.terms(t -> t.field(field).size(top).shardSize(Math.max(top, shardSize))));
  }

  private static List<FacetValue> read(Aggregate answer) {
    if (answer != null && answer.isSterms()) {
      return answer.sterms().buckets().array().stream()
          .map(bucket -> new FacetValue(bucket.key().stringValue(), bucket.docCount()))
          .toList();
    }
    if (answer != null && answer.isLterms()) {
      return answer.lterms().buckets().array().stream()
          .map(bucket -> new FacetValue(Long.toString(bucket.key()), bucket.docCount()))
          .toList();
    }
    return List.of();
  }

  private static HistogramBucket bucket(DateHistogramBucket bucket) {
    return new HistogramBucket(
        Instant.ofEpochMilli(bucket.key()),
        bucket.aggregations().get(OUTCOME).sterms().buckets().array().stream()
            .collect(
                Collectors.toMap(
                    outcome -> outcome.key().stringValue(), StringTermsBucket::docCount)));
  }
}
