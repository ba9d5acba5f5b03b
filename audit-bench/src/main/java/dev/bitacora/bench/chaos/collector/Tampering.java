package dev.bitacora.bench.chaos.collector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What can happen to a bulk and its answer between a collector and the node. */
enum Tampering {
  REQUESTS_REFUSED_429("whole requests refused with 429") {
    @Override
    Optional<Reply> answer(Bulk bulk) {
      return Optional.of(Reply.refusal(429, "es_rejected_execution_exception"));
    }
  },
  REQUESTS_REFUSED_503("whole requests refused with 503") {
    @Override
    Optional<Reply> answer(Bulk bulk) {
      return Optional.of(
          bulk.random().nextBoolean()
              ? Reply.refusal(503, "cluster_block_exception")
              : Reply.html(503, "Service Unavailable"));
    }
  },
  ITEMS_REFUSED_429("single items refused with 429") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      Random random = bulk.random();
      int share = 1 + random.nextInt(100);
      Set<Integer> refused = new HashSet<>();
      for (int i = 0; i < MOST_ITEMS; i++) {
        if (random.nextInt(100) < share) {
          refused.add(i);
        }
      }
      return Optional.of(
          bulk.forwardBut(refused::contains, 429, "es_rejected_execution_exception"));
    }
  },
  WRITTEN_AND_504("a 504 after the write has happened") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      Reply unused = bulk.forward();
      return Optional.of(Reply.html(504, "Gateway Timeout"));
    }
  },
  WRITTEN_AND_CUT_OFF("the connection cut after the write has happened") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      Reply unused = bulk.forward();
      return Optional.empty();
    }
  },
  FEWER_ITEMS("answers with fewer items") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      return changed(
          bulk,
          items -> {
            items.remove(bulk.random().nextInt(items.size()));
            return items;
          });
    }
  },
  MORE_ITEMS("answers with more items") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      return changed(
          bulk,
          items -> {
            int at = bulk.random().nextInt(items.size());
            items.add(at, items.get(at));
            return items;
          });
    }
  },
  ODD_ITEMS("answers with odd items") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      return changed(
          bulk, items -> new ArrayList<>(items.stream().map(i -> odd(i, bulk.random())).toList()));
    }
  },
  HTML_FROM_A_PROXY("a proxy's HTML instead of answers") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      if (bulk.random().nextBoolean()) {
        Reply unused = bulk.forward();
      }
      int[] statuses = {200, 200, 400, 502};
      return Optional.of(
          Reply.html(statuses[bulk.random().nextInt(statuses.length)], "Please log in"));
    }
  },
  TRUNCATED("answers cut in the middle") {
    @Override
    Optional<Reply> answer(Bulk bulk) throws IOException {
      Reply whole = bulk.forward();
      int length = bulk.random().nextInt(whole.body().length);
      return Optional.of(whole.withBody(java.util.Arrays.copyOf(whole.body(), length)));
    }
  };

  /** Above what a collector puts into one bulk. */
  private static final int MOST_ITEMS = 5_000;

  private final String meaning;

  Tampering(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }

  /** What the collector gets; empty when its connection is closed without an answer. */
  abstract Optional<Reply> answer(Bulk bulk) throws IOException;

  private static Optional<Reply> changed(Bulk bulk, UnaryOperator<List<Map<String, Object>>> change)
      throws IOException {
    return Optional.of(
        bulk.forward().withItems(items -> items.isEmpty() ? items : change.apply(items)));
  }

  /** One thing of an item is not what it should be. */
  private static Map<String, Object> odd(Map<String, Object> item, Random random) {
    Map<String, Object> result = new LinkedHashMap<>();
    ((Map<?, ?>) item.get("create")).forEach((key, value) -> result.put((String) key, value));
    switch (random.nextInt(5)) {
      case 0 -> result.put("_id", "x" + result.get("_id"));
      case 1 -> result.put("_index", "x" + result.get("_index"));
      case 2 -> {
        return Map.of("index", result);
      }
      case 3 -> result.put("error", Map.of("type", "odd", "reason", "chaos"));
      default -> {
        result.put("status", 503);
        result.put("error", Map.of("type", "unavailable_shards_exception", "reason", "chaos"));
      }
    }
    return Map.of("create", result);
  }
}
