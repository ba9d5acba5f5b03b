package dev.bitacora.viewer.page;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.FacetValue;
import dev.bitacora.viewer.search.QueryEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The most frequent values of one field, each with a link that asks for it or leaves it out. */
public record Facet(String title, String field, List<Value> values) {
  private static final Map<String, String> TITLES =
      Map.of(
          "event.action", "Action",
          "user.id", "Actor",
          "event.outcome", "Outcome",
          "service.name", "Service",
          "service.environment", "Environment",
          "audit.target.type", "Target type",
          "client.ip", "IP address");

  private static final int SHOWN = 40;

  /**
   * One value.
   *
   * @param plain for attributes
   * @param share of the most frequent value's count, 0 to 100
   * @param isIncluded true when the query asks for it already; {@code include} then takes it away
   */
  public record Value(
      Visible text,
      String plain,
      String count,
      int share,
      boolean isIncluded,
      String include,
      String exclude) {}

  /**
   * @param search the address of a search for a query
   */
  static Facet of(
      FieldName field, List<FacetValue> values, QueryEdit query, Function<String, String> search) {
    long most = values.stream().mapToLong(FacetValue::count).max().orElse(1);
    List<Value> shown = new ArrayList<>();
    for (FacetValue value : values) {
      Query clause = new Query.Match(field, value.value());
      boolean isIncluded = query.clauses().contains(clause);
      QueryEdit included = isIncluded ? query.without(clause) : query.with(clause);
      shown.add(
          new Value(
              Visible.beginning(value.value(), SHOWN),
              Visible.plain(value.value()),
              Numbers.grouped(value.count()),
              (int) Math.max(1, 100 * value.count() / Math.max(1, most)),
              isIncluded,
              search.apply(included.text()),
              search.apply(query.with(new Query.Not(clause)).text())));
    }
    return new Facet(TITLES.getOrDefault(field.text(), field.text()), field.text(), shown);
  }
}
