package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.ShardFailure;
import co.elastic.clients.elasticsearch._types.ShardStatistics;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import dev.bitacora.store.Completeness;
import dev.bitacora.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What an answer does not cover. */
final class Answers {
  private Answers() {}

  static Completeness completeness(ResponseBody<?> answer) {
    List<String> gaps = new ArrayList<>();
    if (answer.timedOut()) {
      gaps.add("the search was ended after " + Reader.TIME_LIMIT + "; narrow the time range");
    }
    ShardStatistics shards = answer.shards();
    if (shards.failed().intValue() > 0) {
      gaps.add(
          "%s of %s shards did not answer%s"
              .formatted(shards.failed(), shards.total(), failedIndices(shards.failures())));
    }
    int unanswered =
        shards.total().intValue() - shards.failed().intValue() - shards.successful().intValue();
    if (unanswered > 0) {
      gaps.add("%d of %s shards are not available".formatted(unanswered, shards.total()));
    }
    return gaps.isEmpty() ? Completeness.COMPLETE : new Completeness(gaps);
  }

  /** For answers that have no place to say that they are partial. */
  static void requireComplete(Completeness completeness) {
    if (!completeness.isComplete()) {
      throw new StoreException(
          "Elasticsearch answers only in part: " + String.join("; ", completeness.gaps()));
    }
  }

  private static String failedIndices(List<ShardFailure> failures) {
    String names =
        failures.stream()
            .map(ShardFailure::index)
            .filter(Objects::nonNull)
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : " (" + names + ")";
  }
}
