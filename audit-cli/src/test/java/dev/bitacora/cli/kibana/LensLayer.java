package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;
import static dev.bitacora.cli.kibana.Tree.maps;
import static dev.bitacora.cli.kibana.Tree.texts;

import dev.bitacora.core.event.AuditEvent;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a layer of a Lens panel asks of Elasticsearch: buckets inside buckets, and numbers in the
 * innermost. The same is computed from events by plain counting.
 */
final class LensLayer {
  private final List<Map.Entry<String, Map<String, Object>>> buckets = new ArrayList<>();
  private final Map<String, Map<String, Object>> numbers = new LinkedHashMap<>();

  LensLayer(Object layer) {
    Map<String, Object> columns = map(at(layer, "columns"));
    for (String id : texts(at(layer, "columnOrder"))) {
      Map<String, Object> column = map(columns.get(id));
      if (Boolean.TRUE.equals(column.get("isBucketed"))) {
        buckets.add(Map.entry(id, column));
      } else if (column.containsKey("sourceField")) {
        numbers.put(id, column);
      }
      // What has no source, a formula, is computed from the other columns by Kibana.
    }
  }

  /** The search request; {@code query} limits it. */
  Map<String, Object> request(Map<String, Object> query) {
    return Map.of("size", 0, "track_total_hits", true, "query", query, "aggs", aggregations(0));
  }

  private Map<String, Object> aggregations(int depth) {
    Map<String, Object> aggregations = new LinkedHashMap<>();
    if (depth < buckets.size()) {
      String id = buckets.get(depth).getKey();
      Map<String, Object> inner = aggregations(depth + 1);
      Map<String, Object> bucket = new LinkedHashMap<>(bucket(buckets.get(depth).getValue()));
      bucket.put("aggs", inner);
      aggregations.put(id, bucket);
      return aggregations;
    }
    numbers.forEach(
        (id, column) -> number(column).ifPresent(aggregation -> aggregations.put(id, aggregation)));
    return aggregations;
  }

  private static Map<String, Object> bucket(Map<String, Object> column) {
    Object field = column.get("sourceField");
    return switch ((String) column.get("operationType")) {
      case "terms" -> Map.of("terms", Map.of("field", field, "size", at(column, "params", "size")));
      case "date_histogram" ->
          Map.of(
              "date_histogram", Map.of("field", field, "fixed_interval", "1h", "min_doc_count", 1));
      default -> throw new IllegalArgumentException("no such buckets: " + column);
    };
  }

  private static Optional<Map<String, Object>> number(Map<String, Object> column) {
    return switch ((String) column.get("operationType")) {
      case "count" ->
          filter(column).map(filter -> Map.<String, Object>of("filter", filter.query()));
      case "unique_count" ->
          Optional.of(Map.of("cardinality", Map.of("field", column.get("sourceField"))));
      default -> throw new IllegalArgumentException("no such number: " + column);
    };
  }

  private static Optional<Kql> filter(Map<String, Object> column) {
    return Optional.ofNullable((String) at(column, "filter", "query")).map(Kql::parse);
  }

  /** Bucket keys → column → number, out of Elasticsearch's answer. */
  Map<List<Object>, Map<String, Long>> rows(Map<String, Object> answer) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (answer.containsKey("aggregations")) {
      all.putAll(map(answer.get("aggregations")));
    }
    all.put("doc_count", at(answer, "hits", "total", "value"));
    Map<List<Object>, Map<String, Long>> rows = new LinkedHashMap<>();
    read(all, List.of(), rows);
    return rows;
  }

  private void read(
      Map<String, Object> bucket, List<Object> keys, Map<List<Object>, Map<String, Long>> rows) {
    if (keys.size() < buckets.size()) {
      for (Map<String, Object> inner :
          maps(at(bucket, buckets.get(keys.size()).getKey(), "buckets"))) {
        List<Object> path = new ArrayList<>(keys);
        path.add(inner.get("key"));
        read(inner, path, rows);
      }
      return;
    }
    Map<String, Long> row = new LinkedHashMap<>();
    numbers.forEach(
        (id, column) -> {
          Object own = bucket.get(id);
          Object value = own == null ? bucket.get("doc_count") : at(own, "value");
          row.put(id, (Long) (value == null ? at(own, "doc_count") : value));
        });
    rows.put(keys, row);
  }

  /** The same by plain counting. */
  Map<List<Object>, Map<String, Long>> count(List<AuditEvent> events) {
    Map<List<Object>, List<AuditEvent>> groups = new LinkedHashMap<>();
    for (AuditEvent event : events) {
      List<Object> keys = new ArrayList<>();
      buckets.forEach(bucket -> keys.add(key(bucket.getValue(), event)));
      groups.computeIfAbsent(keys, unused -> new ArrayList<>()).add(event);
    }
    Map<List<Object>, Map<String, Long>> rows = new LinkedHashMap<>();
    groups.forEach((keys, group) -> rows.put(keys, numbers(group)));
    return rows;
  }

  private static Object key(Map<String, Object> column, AuditEvent event) {
    return column.get("operationType").equals("date_histogram")
        ? event.timestamp().truncatedTo(ChronoUnit.HOURS).toEpochMilli()
        : event.text((String) column.get("sourceField")).orElseThrow();
  }

  private Map<String, Long> numbers(List<AuditEvent> events) {
    Map<String, Long> row = new LinkedHashMap<>();
    numbers.forEach(
        (id, column) -> {
          if (column.get("operationType").equals("unique_count")) {
            Set<String> values = new LinkedHashSet<>();
            events.forEach(e -> e.text((String) column.get("sourceField")).ifPresent(values::add));
            row.put(id, (long) values.size());
          } else {
            row.put(id, events.stream().filter(e -> passes(filter(column), e)).count());
          }
        });
    return row;
  }

  private static boolean passes(Optional<Kql> filter, AuditEvent event) {
    return filter.isEmpty() || filter.get().matches(event);
  }
}
