package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.mapping.TypeMapping;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes each period's index before the first event goes into it, after checking that it will get
 * our mapping. The template forbids Elasticsearch to make one by itself. Safe for any thread.
 */
final class Indices {
  private final ElasticsearchConfig config;
  private final ElasticsearchClient client;
  private final Set<String> ready = ConcurrentHashMap.newKeySet();

  Indices(ElasticsearchConfig config, ElasticsearchClient client) {
    this.config = config;
    this.client = client;
  }

  /** Makes the index if need be; what to answer for its events when that is not possible. */
  Optional<WriteResult> require(String index) {
    if (ready.contains(index)) {
      return Optional.empty();
    }
    synchronized (this) {
      return ready.contains(index) ? Optional.empty() : create(index);
    }
  }

  /** Somebody deleted it: it has to be made again before the next event. */
  void forget(String index) {
    ready.remove(index);
  }

  private Optional<WriteResult> create(String index) {
    try {
      Optional<String> problem = TemplateCheck.problem(client);
      if (problem.isEmpty() && !createUnlessThere(index)) {
        problem = mappingProblem(index);
      }
      if (problem.isPresent()) {
        return Optional.of(new WriteResult(Status.ENVIRONMENT, problem.get()));
      }
      ready.add(index);
      return Optional.empty();
    } catch (IOException | ElasticsearchException e) {
      Trouble trouble = Trouble.of(config, e);
      // That an index cannot be made is never the fault of an event.
      boolean passes =
          trouble.status() == Status.TRANSIENT || trouble.status() == Status.OVERLOADED;
      Status status = passes ? trouble.status() : Status.ENVIRONMENT;
      return Optional.of(
          new WriteResult(status, "making the index " + index + ": " + trouble.sentence()));
    }
  }

  private boolean createUnlessThere(String index) throws IOException {
    try {
      // The template may vanish after it was checked: the mapping comes along, so that no index is
      // ever made without it, which nobody but an operator could mend. The bulk waits for the
      // shard; waiting here as well would only be slower.
      client
          .indices()
          .create(
              create ->
                  create
                      .withJson(new StringReader(Templates.mappedIndex()))
                      .index(index)
                      .waitForActiveShards(wait -> wait.count(0)));
      return true;
    } catch (ElasticsearchException e) {
      if ("resource_already_exists_exception".equals(e.error().type())) {
        return false;
      }
      throw e;
    }
  }

  private Optional<String> mappingProblem(String index) throws IOException {
    TypeMapping mapping =
        client.indices().getMapping(get -> get.index(index)).get(index).mappings();
    return TemplateCheck.problem("mapping of the index " + index, Optional.of(mapping.meta()));
  }
}
