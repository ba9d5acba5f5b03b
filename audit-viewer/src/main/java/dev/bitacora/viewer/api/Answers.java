package dev.bitacora.viewer.api;

import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.viewer.search.FacetParameters;
import dev.bitacora.viewer.search.Found;
import dev.bitacora.viewer.search.HistogramParameters;
import dev.bitacora.viewer.search.SearchParameters;
import dev.bitacora.viewer.search.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The API's answers, as JSON bytes. */
public final class Answers {
  private Answers() {}

  public static byte[] events(SearchParameters asked, Found found) {
    Map<String, Object> json = question(asked.queryText(), asked.span());
    json.putAll(list(found));
    return JsonWriter.toBytes(json);
  }

  /** Of one id there may be several events, when somebody forged one. */
  public static byte[] event(List<StoredEvent> events) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("total", events.size());
    json.put("events", events.stream().map(EventJson::of).toList());
    return JsonWriter.toBytes(json);
  }

  public static byte[] trace(String traceId, Found found) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("trace_id", traceId);
    json.putAll(list(found));
    return JsonWriter.toBytes(json);
  }

  private static Map<String, Object> list(Found found) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("total", found.total());
    json.put("took_ms", found.took().toMillis());
    json.put("complete", found.completeness().isComplete());
    json.put("gaps", found.completeness().gaps());
    json.put("next", found.next().orElse(null));
    json.put("events", found.events().stream().map(EventJson::of).toList());
    return json;
  }

  public static byte[] facets(FacetParameters asked, Map<FieldName, List<FacetValue>> facets) {
    Map<String, Object> byField = new LinkedHashMap<>();
    for (FieldName field : asked.fields()) {
      byField.put(
          field.text(),
          facets.getOrDefault(field, List.of()).stream().map(Answers::facet).toList());
    }
    Map<String, Object> json = question(asked.queryText(), asked.span());
    json.put("facets", byField);
    return JsonWriter.toBytes(json);
  }

  private static Map<String, Object> facet(FacetValue value) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", value.value());
    json.put("count", value.count());
    return json;
  }

  public static byte[] histogram(HistogramParameters asked, List<HistogramBucket> buckets) {
    List<Object> all = new ArrayList<>();
    for (HistogramBucket bucket : buckets) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("start", EventTime.format(bucket.start()));
      json.put("total", bucket.total());
      json.put("outcomes", new java.util.TreeMap<>(bucket.outcomes()));
      all.add(json);
    }
    Map<String, Object> json = question(asked.queryText(), asked.span());
    json.put("interval_ms", asked.interval().toMillis());
    json.put("buckets", all);
    return JsonWriter.toBytes(json);
  }

  private static Map<String, Object> question(String query, Span span) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("query", query);
    json.put("from", EventTime.format(span.from()));
    json.put("to", EventTime.format(span.to()));
    return json;
  }
}
