package dev.bitacora.store.lucene;

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
import dev.bitacora.store.Family;
import dev.bitacora.store.Selection;
import dev.bitacora.store.TimeRange;
import dev.bitacora.store.Unplaced;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.IndexOrDocValuesQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

/** Makes Lucene's queries of ours. */
final class QueryCompiler {
  private static final int ADDRESS_BITS = 128;

  static {
    // Bare words look into fifteen fields; a query and a scope have 64 clauses each.
    IndexSearcher.setMaxClauseCount(8192);
  }

  private QueryCompiler() {}

  static Query compile(Selection selection) {
    Query query = compile(selection.effectiveQuery());
    return selection.range().equals(TimeRange.ALL)
        ? query
        : all(List.of(query, within(selection.range())));
  }

  static Query compile(dev.bitacora.core.query.Query query) {
    if (query instanceof All) {
      return new MatchAllDocsQuery();
    } else if (query instanceof Words words) {
      return any(
          Stream.concat(
                  EventSchema.FULL_TEXT.stream().map(field -> phrase(field, words.text())),
                  EventSchema.IDENTIFIERS.stream()
                      .map(field -> term(FieldName.of(field), words.text())))
              .toList());
    } else if (query instanceof WordsPrefix words) {
      return any(
          Stream.concat(EventSchema.FULL_TEXT.stream(), EventSchema.IDENTIFIERS.stream())
              .map(field -> prefix(FieldName.of(field), words.prefix()))
              .toList());
    } else if (query instanceof Match match) {
      return match(match.field(), match.value());
    } else if (query instanceof Prefix prefix) {
      return prefix(prefix.field(), prefix.prefix());
    } else if (query instanceof Exists exists) {
      return exists(exists.field());
    } else if (query instanceof Range range) {
      return range(range.field(), range.comparison(), range.bound());
    } else if (query instanceof Not not) {
      return not(compile(not.clause()));
    } else if (query instanceof And and) {
      return all(and.clauses().stream().map(QueryCompiler::compile).toList());
    } else {
      return any(((Or) query).clauses().stream().map(QueryCompiler::compile).toList());
    }
  }

  /** Of what retention may remove from the index of implausible times. */
  static Query compile(Unplaced unplaced, dev.bitacora.core.query.Query query) {
    Query log = term(FieldName.of("event.dataset"), "log");
    long limit = EventTime.toNanos(unplaced.appendedBefore());
    return all(
        List.of(
            unplaced.family() == Family.LOGS ? log : not(log),
            longs("event.ingested", Long.MIN_VALUE, limit - 1),
            compile(query)));
  }

  private static Query within(TimeRange range) {
    return times(EventTime.toNanos(range.from()), EventTime.toNanos(range.to()) - 1);
  }

  private static Query match(FieldName field, String value) {
    return switch (field.type()) {
      case TEXT -> phrase(field.field().name(), value);
      case LONG -> longs(field.field().name(), Long.parseLong(value), Long.parseLong(value));
      case DATE ->
          all(
              List.of(
                  range(field, Comparison.AT_LEAST, value),
                  range(field, Comparison.AT_MOST, value)));
      case IP -> value.indexOf('/') < 0 ? term(field, value) : network(field, value);
      default -> term(field, value);
    };
  }

  private static Query phrase(String field, String text) {
    Query phrase = new QueryBuilder(IndexFields.WORDS).createPhraseQuery(field, text);
    return phrase == null ? new MatchNoDocsQuery("no words") : phrase;
  }

  private static Query term(FieldName field, String value) {
    BytesRef term = Terms.of(field, value);
    return term.length > Terms.MAX_LENGTH
        ? new MatchNoDocsQuery("longer than any term")
        : new TermQuery(new Term(IndexFields.TERMS, term));
  }

  private static Query prefix(FieldName field, String prefix) {
    return field.type() == FieldType.TEXT
        ? beginsSo(field.field().name(), new BytesRef(lowerCase(prefix)))
        : beginsSo(IndexFields.TERMS, Terms.of(field, prefix));
  }

  private static Query beginsSo(String luceneField, BytesRef prefix) {
    return new TermSpanQuery(luceneField, prefix, Terms.after(prefix));
  }

  /** As the analyzer does it, character by character. */
  private static String lowerCase(String text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Query exists(FieldName field) {
    return field.isKeyed()
        ? beginsSo(IndexFields.TERMS, new BytesRef(Terms.prefix(field)))
        : new ShapeQuery(field.field());
  }

  private static Query range(FieldName field, Comparison comparison, String bound) {
    return switch (field.type()) {
      case LONG -> longRange(field.field().name(), comparison, Long.parseLong(bound));
      case DATE -> dateRange(field.field().name(), comparison, EventTime.parse(bound));
      default -> termRange(field, comparison, Terms.of(field, bound));
    };
  }

  private static Query termRange(FieldName field, Comparison comparison, BytesRef bound) {
    BytesRef first = new BytesRef(Terms.prefix(field));
    BytesRef end = Terms.after(first);
    return switch (comparison) {
      case LESS -> span(first, bound);
      case AT_MOST -> span(first, Terms.next(bound));
      case GREATER -> span(Terms.next(bound), end);
      case AT_LEAST -> span(bound, end);
    };
  }

  private static Query span(BytesRef from, BytesRef to) {
    return new TermSpanQuery(IndexFields.TERMS, from, to);
  }

  private static Query network(FieldName field, String network) {
    int slash = network.indexOf('/');
    String base = network.substring(0, slash);
    byte[] first = Terms.address(base);
    int bits = Integer.parseInt(network, slash + 1, network.length(), 10);
    int fixed = base.indexOf(':') < 0 ? bits + ADDRESS_BITS - 32 : bits;
    byte[] last = first.clone();
    for (int bit = fixed; bit < ADDRESS_BITS; bit++) {
      int mask = 0x80 >> (bit % 8);
      first[bit / 8] &= (byte) ~mask;
      last[bit / 8] |= (byte) mask;
    }
    byte[] prefix = Terms.prefix(field);
    return span(Terms.join(prefix, first), Terms.next(Terms.join(prefix, last)));
  }

  private static Query longRange(String field, Comparison comparison, long bound) {
    return switch (comparison) {
      case LESS -> longsBelow(field, bound);
      case AT_MOST -> longs(field, Long.MIN_VALUE, bound);
      case GREATER -> bound == Long.MAX_VALUE ? none() : longs(field, bound + 1, Long.MAX_VALUE);
      case AT_LEAST -> longs(field, bound, Long.MAX_VALUE);
    };
  }

  private static Query longsBelow(String field, long bound) {
    return bound == Long.MIN_VALUE ? none() : longs(field, Long.MIN_VALUE, bound - 1);
  }

  /** Stored times lie between the first and the last that 64 bits hold; bounds may lie outside. */
  private static Query dateRange(String field, Comparison comparison, Instant bound) {
    boolean less = comparison == Comparison.LESS || comparison == Comparison.AT_MOST;
    if (bound.isBefore(EventTime.MIN) || bound.isAfter(EventTime.MAX)) {
      return less == bound.isAfter(EventTime.MAX) ? dates(field, 0, Long.MAX_VALUE) : none();
    }
    long nanos = EventTime.toNanos(bound);
    return switch (comparison) {
      case LESS -> dates(field, 0, nanos - 1);
      case AT_MOST -> dates(field, 0, nanos);
      case GREATER -> nanos == Long.MAX_VALUE ? none() : dates(field, nanos + 1, Long.MAX_VALUE);
      case AT_LEAST -> dates(field, nanos, Long.MAX_VALUE);
    };
  }

  private static Query dates(String field, long from, long to) {
    return field.equals(IndexFields.TIME) ? times(from, to) : longs(field, from, to);
  }

  private static Query times(long from, long to) {
    return new IndexOrDocValuesQuery(
        LongPoint.newRangeQuery(IndexFields.TIME, from, to),
        NumericDocValuesField.newSlowRangeQuery(IndexFields.TIME, from, to));
  }

  private static Query longs(String field, long from, long to) {
    return SortedNumericDocValuesField.newSlowRangeQuery(field, from, to);
  }

  private static Query none() {
    return new MatchNoDocsQuery("outside all values");
  }

  private static Query not(Query query) {
    return new BooleanQuery.Builder()
        .add(new MatchAllDocsQuery(), Occur.FILTER)
        .add(query, Occur.MUST_NOT)
        .build();
  }

  private static Query all(List<Query> queries) {
    return combine(queries, Occur.FILTER);
  }

  private static Query any(List<Query> queries) {
    return new ConstantScoreQuery(combine(queries, Occur.SHOULD));
  }

  private static Query combine(List<Query> queries, Occur occur) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    queries.forEach(query -> builder.add(query, occur));
    return builder.build();
  }
}
