package dev.bitacora.cli.kibana;

import dev.bitacora.core.event.AuditEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Kibana's query language that our objects use: {@code field : "value"} and {@code
 * field : ("a" or "b")}, joined by {@code and}.
 */
record Kql(Map<String, List<String>> clauses) {
  private static final String TEXT = "\"[^\"]*\"";
  private static final Pattern CLAUSE =
      Pattern.compile(
          "([A-Za-z_@][\\w.@]*) : (TEXT|\\(TEXT(?: or TEXT)*\\))".replace("TEXT", TEXT));
  private static final Pattern VALUE = Pattern.compile("\"([^\"]*)\"");

  static Kql parse(String query) {
    Map<String, List<String>> clauses = new java.util.LinkedHashMap<>();
    if (query.isEmpty()) {
      return new Kql(clauses);
    }
    for (String part : query.split(" and ", -1)) {
      Matcher clause = CLAUSE.matcher(part);
      if (!clause.matches()) {
        throw new IllegalArgumentException("not in the form these tests can check: " + query);
      }
      List<String> values = new ArrayList<>();
      Matcher value = VALUE.matcher(clause.group(2));
      while (value.find()) {
        values.add(value.group(1));
      }
      clauses.put(clause.group(1), values);
    }
    return new Kql(clauses);
  }

  /** The same as a query of Elasticsearch. */
  Map<String, Object> query() {
    return Map.of(
        "bool",
        Map.of(
            "filter",
            clauses.entrySet().stream()
                .map(clause -> Map.of("terms", Map.of(clause.getKey(), clause.getValue())))
                .toList()));
  }

  /** True for an event that it selects. */
  boolean matches(AuditEvent event) {
    return clauses.entrySet().stream()
        .allMatch(
            clause -> event.texts(clause.getKey()).stream().anyMatch(clause.getValue()::contains));
  }
}
