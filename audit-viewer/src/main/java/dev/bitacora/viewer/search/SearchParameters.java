package dev.bitacora.viewer.search;

import dev.bitacora.core.query.Query;
import dev.bitacora.core.query.QuerySyntaxException;
import dev.bitacora.store.SearchRequest.Order;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * A search as pages and API name it: {@code q}, {@code from}, {@code to}, {@code tz}, {@code sort},
 * {@code size}, {@code after}.
 *
 * @param queryText as written
 */
public record SearchParameters(
    String queryText,
    Query query,
    Span span,
    ZoneId zone,
    Order order,
    int size,
    boolean isPaging,
    String position) {
  /** The parameters' names. */
  public static final List<String> NAMES =
      List.of("q", "from", "to", "tz", "sort", "size", "after");

  public static final int DEFAULT_SIZE = 50;
  public static final int MAX_SIZE = 500;

  /** Reads the parameters; {@code otherwise} is searched when there is no {@code q} at all. */
  public static SearchParameters read(Parameters parameters, String otherwise, Instant now)
      throws BadParameterException {
    ZoneId zone = zone(parameters);
    String text = parameters.given("q").orElse(otherwise);
    Query query = query(text);
    Span span = Span.read(parameters, now, zone);
    Order order = order(parameters);
    int size = parameters.number("size", DEFAULT_SIZE, 1, MAX_SIZE);
    Optional<String> after = parameters.single("after");
    if (after.isEmpty()) {
      return new SearchParameters(text, query, span, zone, order, size, false, "");
    }
    Cursor cursor =
        Cursor.parse(after.get())
            .orElseThrow(
                () ->
                    new BadParameterException(
                        "after", "after is the \"next\" of the page before, unchanged"));
    Span fixed = span.at(cursor.from(), cursor.to());
    return new SearchParameters(text, query, fixed, zone, order, size, true, cursor.position());
  }

  static Query query(String text) throws BadParameterException {
    try {
      return Query.parse(text);
    } catch (QuerySyntaxException e) {
      throw new BadParameterException("q", e.getMessage(), e.column());
    }
  }

  /** The zone in which times without one are meant, and shown. */
  public static ZoneId zone(Parameters parameters) throws BadParameterException {
    Optional<String> text = parameters.single("tz");
    try {
      return text.isEmpty() || text.get().equalsIgnoreCase("UTC")
          ? ZoneOffset.UTC
          : ZoneId.of(text.get());
    } catch (DateTimeException e) {
      throw new BadParameterException(
          "tz", "tz is a time zone's name such as UTC or Europe/Madrid");
    }
  }

  private static Order order(Parameters parameters) throws BadParameterException {
    String text = parameters.single("sort").orElse("newest");
    return switch (text) {
      case "newest" -> Order.NEWEST_FIRST;
      case "oldest" -> Order.OLDEST_FIRST;
      default -> throw new BadParameterException("sort", "sort is newest or oldest");
    };
  }

  /** The cursor of the page after one that ended at this position. */
  String cursor(String position) {
    return new Cursor(span.from(), span.to(), position).text();
  }

  /** What makes two requests pages of one search. */
  public String identityOfSearch() {
    return span.from() + " " + span.to() + " " + order + " " + queryText;
  }

  /** The position in the store to go on from. */
  Optional<String> storePosition() {
    return isPaging ? Optional.of(position) : Optional.empty();
  }
}
