package dev.bitacora.viewer.search;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.text.Nearest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A question for the most frequent values of some fields, at most {@code size} of each. */
public record FacetParameters(
    String queryText, Query query, Span span, List<FieldName> fields, int size) {
  public static final List<String> NAMES = List.of("q", "from", "to", "tz", "field", "size");

  /** What the page shows, and the API without {@code field}. */
  public static final List<FieldName> DEFAULT_FIELDS =
      List.of(
          FieldName.of("event.action"),
          FieldName.of("user.id"),
          FieldName.of("event.outcome"),
          FieldName.of("service.name"),
          FieldName.of("service.environment"),
          FieldName.of("audit.target.type"),
          FieldName.of("client.ip"));

  public static final int DEFAULT_SIZE = 10;
  public static final int MAX_SIZE = 1000;
  private static final int MAX_FIELDS = 16;

  public static FacetParameters read(Parameters parameters, Instant now)
      throws BadParameterException {
    String text = parameters.given("q").orElse("");
    return new FacetParameters(
        text,
        SearchParameters.query(text),
        Span.read(parameters, now, SearchParameters.zone(parameters)),
        fields(parameters.several("field")),
        parameters.number("size", DEFAULT_SIZE, 1, MAX_SIZE));
  }

  private static List<FieldName> fields(List<String> names) throws BadParameterException {
    if (names.size() > MAX_FIELDS) {
      throw new BadParameterException("field", "ask for at most " + MAX_FIELDS + " fields");
    }
    List<FieldName> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(field(name));
    }
    return fields.isEmpty() ? DEFAULT_FIELDS : fields;
  }

  private static FieldName field(String name) throws BadParameterException {
    Optional<FieldName> field = EventSchema.searchable(name).filter(FacetParameters::hasFacets);
    if (field.isPresent()) {
      return field.get();
    }
    List<String> known = EventSchema.fields().stream().map(f -> f.name()).toList();
    throw new BadParameterException(
        "field",
        name
            + " has no values to count"
            + Nearest.to(name, known)
                .filter(near -> !near.equals(name))
                .map(near -> "; did you mean " + near + "?")
                .orElse(""));
  }

  private static boolean hasFacets(FieldName field) {
    return switch (field.type()) {
      case KEYWORD, LONG, IP -> true;
      case FLATTENED -> field.isKeyed();
      default -> false;
    };
  }
}
