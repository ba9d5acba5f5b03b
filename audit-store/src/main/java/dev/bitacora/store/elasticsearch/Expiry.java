package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ShardStatistics;
import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.TermQuery;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.indices.RefreshResponse;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.store.Family;
import dev.bitacora.store.Period;
import dev.bitacora.store.Placement;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.Unplaced;
import java.io.IOException;
import java.util.List;

/**
 * Says what there is and deletes what is too old: whole indices, and one by one the events whose
 * time is implausible. An index that is not named like one of our periods is never touched. Counts
 * refresh first, so that nothing that was written is missed. Safe for any thread.
 */
final class Expiry {
  private static final int PAGE = 1000;

  private final ElasticsearchClient client;

  Expiry(ElasticsearchClient client) {
    this.client = client;
  }

  List<Period> periods(Family family) throws IOException {
    return client
        .indices()
        .get(get -> get.index(family.prefix() + "-*").ignoreUnavailable(true))
        .result()
        .keySet()
        .stream()
        .sorted()
        .flatMap(index -> Period.of(family, index).stream())
        .toList();
  }

  long count(Period period, dev.bitacora.core.query.Query query) throws IOException {
    requireWhole(client.indices().refresh(refresh -> refresh.index(period.index())));
    return count(period.index(), QueryCompiler.compile(query));
  }

  long count(Unplaced unplaced, dev.bitacora.core.query.Query query) throws IOException {
    refreshUnplaced();
    return count(Placement.UNPLACED, matching(unplaced, query));
  }

  /** An index that is not there is an error, except that nothing may ever have been unplaced. */
  private long count(String index, Query query) throws IOException {
    SearchResponse<Void> answer =
        client.search(
            search ->
                search
                    .index(index)
                    .ignoreUnavailable(index.equals(Placement.UNPLACED))
                    .query(query)
                    .size(0)
                    .trackTotalHits(track -> track.enabled(true))
                    .timeout(Reader.TIME_LIMIT),
            Void.class);
    Answers.requireComplete(Answers.completeness(answer));
    return answer.hits().total().value();
  }

  void delete(Period period) throws IOException {
    boolean done =
        client
            .indices()
            .delete(delete -> delete.index(period.index()).ignoreUnavailable(true))
            .acknowledged();
    if (!done) {
      throw new StoreException(
          "Elasticsearch did not confirm in time that " + period.index() + " is deleted");
    }
  }

  long delete(Unplaced unplaced, dev.bitacora.core.query.Query query) throws IOException {
    refreshUnplaced();
    long deleted = 0;
    List<String> ids = unplaced(unplaced, query);
    while (!ids.isEmpty()) {
      delete(ids);
      deleted += ids.size();
      refreshUnplaced();
      ids = unplaced(unplaced, query);
    }
    return deleted;
  }

  private void refreshUnplaced() throws IOException {
    requireWhole(
        client
            .indices()
            .refresh(refresh -> refresh.index(Placement.UNPLACED).ignoreUnavailable(true)));
  }

  /** What a shard did not refresh would not be counted. */
  private static void requireWhole(RefreshResponse refreshed) {
    ShardStatistics shards = refreshed.shards();
    if (shards != null && shards.failed().intValue() > 0) {
      throw new StoreException(
          "Elasticsearch did not refresh %s of %s shards"
              .formatted(shards.failed(), shards.total()));
    }
  }

  private List<String> unplaced(Unplaced unplaced, dev.bitacora.core.query.Query query)
      throws IOException {
    SearchResponse<Void> found =
        client.search(
            search ->
                search
                    .index(Placement.UNPLACED)
                    .ignoreUnavailable(true)
                    .query(matching(unplaced, query))
                    .source(source -> source.fetch(false))
                    .size(PAGE),
            Void.class);
    return found.hits().hits().stream().map(Hit::id).toList();
  }

  private static Query matching(Unplaced unplaced, dev.bitacora.core.query.Query query) {
    String limit = EventTime.format(unplaced.appendedBefore());
    BoolQuery.Builder all =
        new BoolQuery.Builder()
            .filter(f -> f.range(r -> r.date(d -> d.field("event.ingested").lt(limit))))
            .filter(QueryCompiler.compile(query));
    return Query.of(
        q ->
            q.bool(
                unplaced.family() == Family.LOGS
                    ? all.filter(log -> log.term(isLog())).build()
                    : all.mustNot(log -> log.term(isLog())).build()));
  }

  private static TermQuery isLog() {
    return TermQuery.of(term -> term.field("event.dataset").value("log"));
  }

  private void delete(List<String> ids) throws IOException {
    BulkResponse answer =
        client.bulk(
            bulk -> {
              ids.forEach(
                  id ->
                      bulk.operations(
                          operation ->
                              operation.delete(delete -> delete.index(Placement.UNPLACED).id(id))));
              return bulk;
            });
    if (answer.errors()) {
      throw new StoreException(
          "Elasticsearch did not delete every expired event of " + Placement.UNPLACED);
    }
  }
}
