package dev.bitacora.store;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.core.query.Query;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What every store must answer, worked out the slow way: event by event, straight from what {@link
 * Query} says of its leaves.
 */
final class NaiveStore {
  /** A Chinese character is a word; otherwise letters and digits are. The tests use no other. */
  private static final Pattern WORD = Pattern.compile("\\p{IsHan}|[\\p{L}\\p{N}&&[^\\p{IsHan}]]+");

  private static final Comparator<String> BY_BYTES =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private final List<NewEvent> events;

  NaiveStore(List<NewEvent> events) {
    this.events = List.copyOf(events);
  }

  Set<String> documentIds(Selection selection) {
    return select(selection).stream().map(NewEvent::documentId).collect(Collectors.toSet());
  }

  /** Document ids, oldest first. */
  List<String> inOrder(Selection selection) {
    return select(selection).stream()
        .sorted(Comparator.comparing(NaiveStore::time).thenComparing(NewEvent::documentId))
        .map(NewEvent::documentId)
        .toList();
  }

  List<FacetValue> facet(Selection selection, FieldName field, int top) {
    Map<String, Long> counts = new HashMap<>();
    for (NewEvent event : select(selection)) {
      values(event, field).stream()
          .map(Object::toString)
          .distinct()
          .forEach(value -> counts.merge(value, 1L, Long::sum));
    }
    return counts.entrySet().stream()
        .map(count -> new FacetValue(count.getKey(), count.getValue()))
        .sorted(
            Comparator.comparingLong(FacetValue::count)
                .reversed()
                .thenComparing(FacetValue::value, byValue(field.type())))
        .limit(top)
        .toList();
  }

  private static Comparator<String> byValue(FieldType type) {
    return switch (type) {
      case LONG -> Comparator.comparingLong(Long::parseLong);
      case IP -> Comparator.comparing(NaiveStore::address);
      default -> BY_BYTES;
    };
  }

  List<HistogramBucket> histogram(Selection selection, Duration interval) {
    TreeMap<Long, Map<String, Long>> buckets = new TreeMap<>();
    for (NewEvent event : select(selection)) {
      long bucket = Math.floorDiv(time(event).toEpochMilli(), interval.toMillis());
      String outcome = event.event().text("event.outcome").orElseThrow();
      buckets.computeIfAbsent(bucket, start -> new HashMap<>()).merge(outcome, 1L, Long::sum);
    }
    return buckets.entrySet().stream()
        .map(
            bucket ->
                new HistogramBucket(
                    Instant.ofEpochMilli(bucket.getKey() * interval.toMillis()), bucket.getValue()))
        .toList();
  }

  private List<NewEvent> select(Selection selection) {
    return events.stream()
        .filter(event -> !time(event).isBefore(selection.range().from()))
        .filter(event -> time(event).isBefore(selection.range().to()))
        .filter(event -> matches(selection.scope(), event))
        .filter(event -> matches(selection.query(), event))
        .toList();
  }

  static Instant time(NewEvent event) {
    return event.placement(Retention.DEFAULT).time();
  }

  static boolean matches(Query query, NewEvent event) {
    if (query instanceof Query.All) {
      return true;
    } else if (query instanceof Query.Words words) {
      return EventSchema.FULL_TEXT.stream()
              .anyMatch(field -> hasValue(event, FieldName.of(field), words.text()))
          || EventSchema.IDENTIFIERS.stream()
              .anyMatch(field -> hasValue(event, FieldName.of(field), words.text()));
    } else if (query instanceof Query.WordsPrefix words) {
      return EventSchema.FULL_TEXT.stream()
              .anyMatch(field -> hasPrefix(event, FieldName.of(field), words.prefix()))
          || EventSchema.IDENTIFIERS.stream()
              .anyMatch(field -> hasPrefix(event, FieldName.of(field), words.prefix()));
    } else if (query instanceof Query.Match match) {
      return hasValue(event, match.field(), match.value());
    } else if (query instanceof Query.Prefix prefix) {
      return hasPrefix(event, prefix.field(), prefix.prefix());
    } else if (query instanceof Query.Exists exists) {
      return !values(event, exists.field()).isEmpty();
    } else if (query instanceof Query.Range range) {
      return values(event, range.field()).stream().anyMatch(value -> compares(range, value));
    } else if (query instanceof Query.And and) {
      return and.clauses().stream().allMatch(clause -> matches(clause, event));
    } else if (query instanceof Query.Or or) {
      return or.clauses().stream().anyMatch(clause -> matches(clause, event));
    } else {
      return !matches(((Query.Not) query).clause(), event);
    }
  }

  private static boolean hasValue(NewEvent event, FieldName field, String wanted) {
    return values(event, field).stream().anyMatch(value -> equal(field.type(), value, wanted));
  }

  private static boolean equal(FieldType type, Object value, String wanted) {
    return switch (type) {
      case TEXT -> hasPhrase(words((String) value), words(wanted));
      case LONG -> value.equals(Long.valueOf(wanted));
      case DATE -> value.equals(Instant.parse(wanted));
      case IP -> inNetwork((String) value, wanted);
      default -> value.equals(wanted);
    };
  }

  private static boolean hasPhrase(List<String> words, List<String> phrase) {
    return !phrase.isEmpty() && java.util.Collections.indexOfSubList(words, phrase) >= 0;
  }

  private static boolean hasPrefix(NewEvent event, FieldName field, String prefix) {
    for (Object value : values(event, field)) {
      boolean found =
          field.type() == FieldType.TEXT
              ? words((String) value).stream()
                  .anyMatch(word -> word.startsWith(prefix.toLowerCase(Locale.ROOT)))
              : ((String) value).startsWith(prefix);
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static boolean compares(Query.Range range, Object value) {
    int order =
        switch (range.field().type()) {
          case LONG -> ((Long) value).compareTo(Long.valueOf(range.bound()));
          case DATE -> ((Instant) value).compareTo(Instant.parse(range.bound()));
          case IP -> address((String) value).compareTo(address(range.bound()));
          default -> BY_BYTES.compare((String) value, range.bound());
        };
    return switch (range.comparison()) {
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case GREATER -> order > 0;
      case AT_LEAST -> order >= 0;
    };
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      words.add(word.group().toLowerCase(Locale.ROOT));
    }
    return words;
  }

  private static boolean inNetwork(String address, String network) {
    int slash = network.indexOf('/');
    if (slash < 0) {
      return address(address).equals(address(network));
    }
    int bits = Integer.parseInt(network.substring(slash + 1));
    int free = (network.indexOf(':') < 0 ? 32 : 128) - bits;
    return address(address)
        .shiftRight(free)
        .equals(address(network.substring(0, slash)).shiftRight(free));
  }

  private static BigInteger address(String text) {
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      BigInteger number = new BigInteger(1, bytes);
      return bytes.length == 4 ? number.add(BigInteger.valueOf(0xFFFF_0000_0000L)) : number;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The indexed values of a field. */
  static List<Object> values(NewEvent event, FieldName name) {
    Field field = name.field();
    if (field.envelope() || field.name().equals("@timestamp")) {
      return envelope(event, field);
    }
    List<Object> values = new ArrayList<>();
    Object value = event.event().value(field.name()).orElse(null);
    if (field.type() == FieldType.FLATTENED) {
      leaves(value, "", name, values);
    } else {
      collect(value, field.type(), values);
    }
    values.removeIf(
        v -> field.type() != FieldType.TEXT && v instanceof String text && text.length() > 1024);
    return values;
  }

  private static void collect(Object value, FieldType type, List<Object> values) {
    if (value instanceof List<?> elements) {
      elements.forEach(element -> collect(element, type, values));
    } else if (value != null) {
      values.add(type == FieldType.LONG ? value : value.toString());
    }
  }

  private static void leaves(Object value, String path, FieldName name, List<Object> values) {
    if (value instanceof Map<?, ?> object) {
      object.forEach(
          (key, member) ->
              leaves(member, path.isEmpty() ? key.toString() : path + "." + key, name, values));
    } else if (value instanceof List<?> elements) {
      elements.forEach(element -> leaves(element, path, name, values));
    } else if (value != null && (!name.isKeyed() || name.key().equals(path))) {
      values.add(value.toString());
    }
  }

  private static List<Object> envelope(NewEvent event, Field field) {
    return switch (field.name()) {
      case "@timestamp" -> List.of(time(event));
      case "event.id" -> List.of(event.position().eventId());
      case "event.sequence" -> List.of(event.position().sequence());
      case "event.hash" -> List.of(event.hash());
      case "event.ingested" -> List.of(event.ingested());
      case "event.agent_id_status" -> List.of(event.agentIdStatus().text());
      case "agent.ephemeral_id" -> List.of(event.position().stream().toString());
      case "ledger.log" -> List.of(event.log().log());
      case "ledger.offset" -> List.of(event.log().offset());
      case "audit.time_status" ->
          event.placement(Retention.DEFAULT).plausible()
              ? List.of()
              : List.of(Placement.IMPLAUSIBLE);
      default -> throw new IllegalArgumentException(field.name());
    };
  }

  /** Every field and key that some event has a value of. */
  Set<FieldName> fields() {
    Set<FieldName> fields = new HashSet<>();
    for (Field field : EventSchema.fields()) {
      if (field.type() != FieldType.STORED) {
        fields.add(FieldName.of(field.name()));
      }
    }
    for (NewEvent event : events) {
      for (String flattened : List.of("labels", "audit.details")) {
        keys(event.event().value(flattened).orElse(null), flattened, fields);
      }
    }
    return fields;
  }

  private static void keys(Object value, String path, Set<FieldName> fields) {
    if (value instanceof Map<?, ?> object) {
      object.forEach((key, member) -> keys(member, path + "." + key, fields));
    } else {
      fields.add(FieldName.of(path));
    }
  }

  List<NewEvent> events() {
    return events;
  }
}
