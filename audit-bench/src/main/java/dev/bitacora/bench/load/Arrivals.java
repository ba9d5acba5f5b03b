package dev.bitacora.bench.load;

import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What arrived in the topics, held against what the callers were answered: the component itself is
 * not asked. One thread's.
 */
final class Arrivals {
  private final Map<StreamId, BitSet> streams = new HashMap<>();
  private final Set<String> invoices = new HashSet<>();

  /** Reads all that stands in the topics now. */
  Arrivals(Topics topics) {
    for (String topic : List.of(Topics.AUDIT, Topics.LOG)) {
      topics.read(topic, this::take);
    }
  }

  private void take(Topics.Stored stored) {
    var position = stored.wire().position();
    streams
        .computeIfAbsent(position.stream(), stream -> new BitSet())
        .set((int) position.sequence());
    Map<String, Object> event = json(stored.wire().value());
    if ("invoice.create".equals(at(event, "event", "action"))) {
      invoices.add(at(event, "service", "environment") + "/" + at(event, "audit", "target", "id"));
    }
  }

  static Map<String, Object> json(byte[] bytes) {
    try {
      return JsonTree.readObject(bytes);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("a record is no JSON", e);
    }
  }

  private static Object at(Map<String, Object> event, String... path) {
    Object value = event;
    for (String name : path) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** All records, each number of a stream once. */
  long records() {
    return streams.values().stream().mapToLong(BitSet::cardinality).sum();
  }

  /**
   * What is not there: of so many records that were accepted, of each stream's numbers below its
   * highest, and of the invoices that callers were told of.
   */
  long missing(long accepted, List<String> answered) {
    long numbers =
        streams.values().stream().mapToLong(set -> set.length() - set.cardinality()).sum();
    long untold = answered.stream().filter(invoice -> !invoices.contains(invoice)).count();
    return Math.max(accepted - records(), 0) + numbers + untold;
  }
}
