package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.QueryBuilders;
import co.elastic.clients.json.JsonData;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.core.query.Query.All;
import dev.bitacora.core.query.Query.And;
import dev.bitacora.core.query.Query.Comparison;
import dev.bitacora.core.query.Query.Exists;
import dev.bitacora.core.query.Query.Match;
import dev.bitacora.core.query.Query.Not;
import dev.bitacora.core.query.Query.Or;
import dev.bitacora.core.query.Query.Prefix;
import dev.bitacora.core.query.Query.Range;
import dev.bitacora.core.query.Query.Words;
import dev.bitacora.core.query.Query.WordsPrefix;
import dev.bitacora.store.Selection;
import dev.bitacora.store.TimeRange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns the query tree into Elasticsearch's. People's text becomes the value of a term, a prefix or
 * a phrase and never anything that Elasticsearch parses.
 */
final class QueryCompiler {
  private static final int MAX_BOUND_BYTES = 900;
  private static final int MIN_BOUND_BYTES = 4;

  /** After every value that anyone keeps inside a flattened field. */
  private static final String ABOVE_ALL = Character.toString(Character.MAX_CODE_POINT);

  private QueryCompiler() {}

  static Query compile(Selection selection) {
    List<Query> filters = new ArrayList<>();
    filters.add(compile(selection.query()));
    filters.add(compile(selection.scope()));
    addRange(selection.range(), filters);
    return bool(new BoolQuery.Builder().filter(filters));
  }

  static Query compile(dev.bitacora.core.query.Query query) {
    if (query instanceof All) {
      return QueryBuilders.matchAll(all -> all);
    } else if (query instanceof Words words) {
      return anyOf(
          EventSchema.FULL_TEXT.stream().map(field -> phrase(field, words.text())),
          EventSchema.IDENTIFIERS.stream().map(field -> term(field, words.text())));
    } else if (query instanceof WordsPrefix words) {
      return anyOf(
          EventSchema.FULL_TEXT.stream().map(field -> prefix(field, lowerCase(words.prefix()))),
          EventSchema.IDENTIFIERS.stream().map(field -> prefix(field, words.prefix())));
    } else if (query instanceof Match match) {
      return match(match.field(), match.value());
    } else if (query instanceof Prefix prefix) {
      boolean text = prefix.field().type() == FieldType.TEXT;
      return prefix(prefix.field().text(), text ? lowerCase(prefix.prefix()) : prefix.prefix());
    } else if (query instanceof Exists exists) {
      return exists(exists.field().text());
    } else if (query instanceof Range range) {
      return range(range);
    } else if (query instanceof And and) {
      return bool(new BoolQuery.Builder().filter(compileAll(and.clauses())));
    } else if (query instanceof Or or) {
      return bool(new BoolQuery.Builder().should(compileAll(or.clauses())).minimumShouldMatch("1"));
    } else {
      Query clause = compile(((Not) query).clause());
      return bool(new BoolQuery.Builder().mustNot(clause));
    }
  }

  private static List<Query> compileAll(List<dev.bitacora.core.query.Query> clauses) {
    return clauses.stream().map(QueryCompiler::compile).toList();
  }

  private static Query match(FieldName field, String value) {
    return switch (field.type()) {
      case TEXT -> phrase(field.text(), value);
      case DATE -> {
        Instant time = EventTime.parse(value);
        yield isIndexable(time)
            ? interval(field.text(), text(time), true, text(time), true)
            : none();
      }
      default -> term(field.text(), value);
    };
  }

  private static Query range(Range range) {
    String field = range.field().text();
    boolean inclusive =
        range.comparison() == Comparison.AT_LEAST || range.comparison() == Comparison.AT_MOST;
    boolean upward =
        range.comparison() == Comparison.AT_LEAST || range.comparison() == Comparison.GREATER;
    if (range.field().type() == FieldType.DATE) {
      Instant time = EventTime.parse(range.bound());
      if (!isIndexable(time)) {
        return upward == time.isBefore(EventTime.MIN) ? exists(field) : none();
      }
      return oneSided(field, EventTime.format(time), upward, inclusive);
    }
    return switch (range.field().type()) {
      case KEYWORD, FLATTENED -> terms(range.field(), range.bound(), upward, inclusive);
      default -> oneSided(field, range.bound(), upward, inclusive);
    };
  }

  /**
   * Elasticsearch cannot compare with more than a thousand bytes. A longer bound is cut; values
   * that begin with what is left of it are neither above nor below, only possibly equal.
   */
  private static Query terms(FieldName field, String bound, boolean upward, boolean inclusive) {
    String compared = comparable(field.text(), bound);
    if (compared.length() == bound.length()) {
      return bounded(field, bound, upward, inclusive);
    }
    Query beyond =
        upward
            ? bounded(field, after(compared), true, true)
            : bounded(field, compared, false, false);
    return inclusive ? anyOf(Stream.of(beyond), Stream.of(term(field.text(), bound))) : beyond;
  }

  /** The first text behind all that begin so. */
  private static String after(String beginning) {
    int last = beginning.codePointBefore(beginning.length());
    String rest = beginning.substring(0, beginning.length() - Character.charCount(last));
    if (last == Character.MAX_CODE_POINT) {
      return rest.isEmpty() ? beginning : after(rest);
    }
    int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
    return rest + Character.toString(next);
  }

  /** A key inside a flattened field wants both ends. */
  private static Query bounded(FieldName field, String bound, boolean upward, boolean inclusive) {
    if (!field.isKeyed()) {
      return oneSided(field.text(), bound, upward, inclusive);
    }
    return upward
        ? interval(field.text(), JsonData.of(bound), inclusive, JsonData.of(ABOVE_ALL), true)
        : interval(field.text(), JsonData.of(""), true, JsonData.of(bound), inclusive);
  }

  private static Query oneSided(String field, String bound, boolean upward, boolean inclusive) {
    JsonData value = JsonData.of(bound);
    return upward
        ? interval(field, value, inclusive, null, true)
        : interval(field, null, true, value, inclusive);
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** As many whole characters as fit; a key inside a flattened field is compared as well. */
  private static String comparable(String field, String text) {
    int maxBytes = Math.max(MIN_BOUND_BYTES, MAX_BOUND_BYTES - utf8Length(field));
    int bytes = 0;
    int at = 0;
    while (at < text.length()) {
      int character = text.codePointAt(at);
      bytes += utf8Length(Character.toString(character));
      if (bytes > maxBytes) {
        break;
      }
      at += Character.charCount(character);
    }
    return text.substring(0, at);
  }

  private static void addRange(TimeRange range, List<Query> filters) {
    boolean begins = range.from().isAfter(EventTime.MIN);
    boolean ends = range.to().isBefore(EventTime.MAX);
    if (begins || ends) {
      filters.add(
          interval(
              "@timestamp",
              begins ? text(range.from()) : null,
              true,
              ends ? text(range.to()) : null,
              false));
    }
  }

  private static Query interval(
      String field, JsonData from, boolean fromInclusive, JsonData to, boolean toInclusive) {
    return QueryBuilders.range(
        r ->
            r.untyped(
                range -> {
                  range.field(field);
                  if (from != null) {
                    range = fromInclusive ? range.gte(from) : range.gt(from);
                  }
                  if (to != null) {
                    range = toInclusive ? range.lte(to) : range.lt(to);
                  }
                  return range;
                }));
  }

  /** Elasticsearch refuses a question about a time that it could not index. */
  private static boolean isIndexable(Instant time) {
    return !time.isBefore(EventTime.MIN) && !time.isAfter(EventTime.MAX);
  }

  /** With a fraction: without one Elasticsearch would take an upper bound for the whole second. */
  private static JsonData text(Instant time) {
    return JsonData.of(EventTime.format(time));
  }

  private static Query exists(String field) {
    return QueryBuilders.exists(e -> e.field(field));
  }

  private static Query none() {
    return QueryBuilders.matchNone(none -> none);
  }

  private static Query phrase(String field, String text) {
    return QueryBuilders.matchPhrase(phrase -> phrase.field(field).query(text));
  }

  private static Query term(String field, String value) {
    return QueryBuilders.term(term -> term.field(field).value(value));
  }

  /** The same limit as for bounds: of a longer beginning only what fits is compared. */
  private static Query prefix(String field, String value) {
    if (value.length() > EventSchema.IGNORE_ABOVE) {
      return none();
    }
    String compared = comparable(field, value);
    return QueryBuilders.prefix(prefix -> prefix.field(field).value(compared));
  }

  private static Query anyOf(Stream<Query> some, Stream<Query> others) {
    return bool(
        new BoolQuery.Builder()
            .should(Stream.concat(some, others).toList())
            .minimumShouldMatch("1"));
  }

  private static Query bool(BoolQuery.Builder builder) {
    return builder.build()._toQuery();
  }

  /** Code point by code point, as the standard analyzer does. */
  private static String lowerCase(String text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
