package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.query_dsl.TermQuery;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.store.Family;
import dev.bitacora.store.Placement;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deletes what is too old: whole indices, and one by one the events whose time is implausible. An
 * index that is not named like one of our periods is never touched.
 */
final class Expiry {
  private static final int PAGE = 1000;

  private final ElasticsearchClient client;

  Expiry(ElasticsearchClient client) {
    this.client = client;
  }

  List<String> deleteBefore(Family family, Instant limit) throws IOException {
    List<String> deleted = new ArrayList<>();
    for (String index : indices(family)) {
      Optional<TimeRange> period = family.periodOf(index);
      if (period.isPresent() && !period.get().to().isAfter(limit)) {
        client.indices().delete(delete -> delete.index(index).ignoreUnavailable(true));
        deleted.add(index);
      }
    }
    deleteUnplaced(family, limit);
    return deleted;
  }

  private List<String> indices(Family family) throws IOException {
    return client
        .indices()
        .get(get -> get.index(family.prefix() + "-*").ignoreUnavailable(true))
        .result()
        .keySet()
        .stream()
        .sorted()
        .toList();
  }

  private void deleteUnplaced(Family family, Instant limit) throws IOException {
    List<String> ids = unplaced(family, limit);
    while (!ids.isEmpty()) {
      delete(ids);
      client.indices().refresh(refresh -> refresh.index(Placement.UNPLACED));
      ids = unplaced(family, limit);
    }
  }

  private List<String> unplaced(Family family, Instant limit) throws IOException {
    SearchResponse<Void> found =
        client.search(
            search ->
                search
                    .index(Placement.UNPLACED)
                    .ignoreUnavailable(true)
                    .query(
                        q ->
                            q.bool(
                                b -> {
                                  b.filter(
                                      f ->
                                          f.range(
                                              r ->
                                                  r.date(
                                                      d ->
                                                          d.field("event.ingested")
                                                              .lt(EventTime.format(limit)))));
                                  return family == Family.LOGS
                                      ? b.filter(log -> log.term(isLog()))
                                      : b.mustNot(log -> log.term(isLog()));
                                }))
                    .source(source -> source.fetch(false))
                    .size(PAGE),
            Void.class);
    return found.hits().hits().stream().map(Hit::id).toList();
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
