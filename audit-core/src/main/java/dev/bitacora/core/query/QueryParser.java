package dev.bitacora.core.query;

import dev.bitacora.core.event.EventCheck;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
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
import dev.bitacora.core.text.Nearest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recursive-descent parser.
 *
 * <pre>
 * query   = [ or ]
 * or      = and { "or" and }
 * and     = unary { [ "and" ] unary }
 * unary   = "not" unary | "(" or ")" | clause
 * clause  = field ":" values | field ("&lt;" | "&lt;=" | "&gt;" | "&gt;=") value | value
 * values  = value | "*" | "(" the same grammar over values ")"
 * value   = word [ "*" ] | '"' text '"'
 * </pre>
 *
 * In a word, backslash takes the next character as it is.
 */
final class QueryParser {
  static final int MAX_LENGTH = 1024;
  static final int MAX_CLAUSES = 64;
  static final int MAX_DEPTH = 8;

  private final String text;
  private int at;
  private int depth;
  private int clauses;

  QueryParser(String text) {
    this.text = text;
  }

  /** A word or a quoted text, as read. */
  private record Value(int column, String text, boolean quoted, boolean star) {}

  /** Makes a clause of a value: what differs between bare words and the values of a field. */
  private interface ClauseMaker {
    Query make(Value value) throws QuerySyntaxException;
  }

  Query parse() throws QuerySyntaxException {
    if (text.length() > MAX_LENGTH) {
      throw error(
          MAX_LENGTH, "a query has at most 1,024 characters, this one has " + text.length());
    }
    if (peek() == 0) {
      return Query.ALL;
    }
    Query query = readOr(null);
    if (peek() == ')') {
      throw error(at, "no parenthesis is open here");
    }
    return query;
  }

  /**
   * @param maker makes clauses inside {@code field:( … )}; null where a clause names its own field
   */
  private Query readOr(ClauseMaker maker) throws QuerySyntaxException {
    List<Query> clauses = new ArrayList<>();
    clauses.add(readAnd(maker));
    while (skipOperator("or")) {
      clauses.add(readAnd(maker));
    }
    return clauses.size() == 1 ? clauses.get(0) : new Or(clauses);
  }

  private Query readAnd(ClauseMaker maker) throws QuerySyntaxException {
    List<Query> clauses = new ArrayList<>();
    clauses.add(readUnary(maker));
    while (true) {
      boolean explicit = skipOperator("and");
      if (!explicit && (peek() == 0 || peek() == ')' || isOperatorNext("or"))) {
        break;
      }
      clauses.add(readUnary(maker));
    }
    return clauses.size() == 1 ? clauses.get(0) : new And(clauses);
  }

  private Query readUnary(ClauseMaker maker) throws QuerySyntaxException {
    if (skipOperator("not")) {
      enter(at);
      Query query = new Not(readUnary(maker));
      depth--;
      return query;
    }
    if (peek() == '(') {
      return readGroup(maker);
    }
    if (peek() == 0) {
      throw error(at, "the query ends where a word, a field or a parenthesis was expected");
    }
    if (isOperatorNext("and") || isOperatorNext("or")) {
      throw error(at, "expected a word or a field before this operator; quote it to search for it");
    }
    return maker == null ? readClause() : maker.make(readValue());
  }

  private Query readGroup(ClauseMaker maker) throws QuerySyntaxException {
    int open = at;
    enter(open);
    at++;
    if (peek() == ')') {
      throw error(at, "expected a word or a field between the parentheses");
    }
    Query query = readOr(maker);
    if (peek() != ')') {
      throw error(open, "this parenthesis is not closed");
    }
    at++;
    depth--;
    return query;
  }

  private Query readClause() throws QuerySyntaxException {
    if (peek() == '"') {
      return words(readValue());
    }
    int start = at;
    Value name = readBare(true);
    int afterName = at;
    char operator = peek();
    if (operator == ':') {
      at++;
      FieldName field = fieldOf(name);
      return peek() == '(' ? readGroup(value -> match(field, value)) : match(field, readValue());
    }
    if (operator == '<' || operator == '>') {
      Comparison comparison = readComparison();
      return range(fieldOf(name), comparison, readValue());
    }
    if (operator == '=') {
      throw error(at, "write field:value, or compare with < <= > >=");
    }
    at = afterName;
    if (name.text().isEmpty() && !name.star()) {
      throw error(start, "expected a word, a field or a parenthesis");
    }
    return words(name);
  }

  private Comparison readComparison() {
    boolean less = text.charAt(at) == '<';
    at++;
    boolean equal = at < text.length() && text.charAt(at) == '=';
    if (equal) {
      at++;
    }
    if (less) {
      return equal ? Comparison.AT_MOST : Comparison.LESS;
    }
    return equal ? Comparison.AT_LEAST : Comparison.GREATER;
  }

  private Value readValue() throws QuerySyntaxException {
    char next = peek();
    if (next == 0 || next == ')') {
      throw error(at, "expected a value");
    }
    if (next == '(') {
      throw error(at, "expected one value here, not a parenthesis");
    }
    return next == '"' ? readQuoted() : readBare(false);
  }

  private Value readQuoted() throws QuerySyntaxException {
    int start = at;
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at++));
    }
    if (at >= text.length()) {
      throw error(start, "this quotation mark is not closed");
    }
    at++;
    return new Value(start + 1, value.toString(), true, false);
  }

  private Value readBare(boolean mayBeField) throws QuerySyntaxException {
    int start = at;
    int star = -1;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && !endsWord(text.charAt(at), mayBeField)) {
      char c = text.charAt(at);
      if (star >= 0) {
        throw error(
            star,
            value.length() == 0
                ? "a wildcard cannot lead: a beginning followed by * is possible"
                : "a wildcard can only end a word");
      }
      if (c == '*') {
        star = at;
      } else {
        if (c == '\\') {
          if (at + 1 >= text.length()) {
            throw error(at, "expected a character after the backslash");
          }
          c = text.charAt(++at);
        }
        value.append(c);
      }
      at++;
    }
    return new Value(start + 1, value.toString(), false, star >= 0);
  }

  private static boolean endsWord(char c, boolean mayBeField) {
    return Character.isWhitespace(c)
        || c == '('
        || c == ')'
        || c == '"'
        || (mayBeField && (c == ':' || c == '<' || c == '>' || c == '='));
  }

  private Query words(Value value) throws QuerySyntaxException {
    count(value);
    if (!value.star()) {
      requireText(value);
      return new Words(value.text());
    }
    return value.text().isEmpty() ? Query.ALL : new WordsPrefix(value.text());
  }

  private Query match(FieldName field, Value value) throws QuerySyntaxException {
    count(value);
    if (value.star()) {
      return value.text().isEmpty() ? new Exists(field) : prefix(field, value);
    }
    requireText(value);
    if (field.type() == FieldType.DATE) {
      Optional<LocalDate> day = day(value.text());
      if (day.isPresent()) {
        return new And(
            List.of(
                new Range(field, Comparison.AT_LEAST, startOf(day.get())),
                new Range(field, Comparison.LESS, startOf(day.get().plusDays(1)))));
      }
    }
    return new Match(field, typed(field, value, true));
  }

  private Query prefix(FieldName field, Value value) throws QuerySyntaxException {
    switch (field.type()) {
      case KEYWORD, TEXT, FLATTENED -> {
        return new Prefix(field, value.text());
      }
      default ->
          throw error(value.column() - 1, field.text() + " is no text: compare it with < <= > >=");
    }
  }

  private Query range(FieldName field, Comparison comparison, Value value)
      throws QuerySyntaxException {
    count(value);
    if (value.star()) {
      throw error(value.column() - 1, "a comparison takes a whole value, without *");
    }
    if (field.type() == FieldType.TEXT) {
      throw error(value.column() - 1, field.text() + " holds sentences: search it with :");
    }
    requireText(value);
    return new Range(field, comparison, typed(field, value, false));
  }

  private String typed(FieldName field, Value value, boolean networkAllowed)
      throws QuerySyntaxException {
    int column = value.column() - 1;
    switch (field.type()) {
      case LONG -> {
        try {
          return Long.toString(Long.parseLong(value.text()));
        } catch (NumberFormatException e) {
          throw error(column, field.text() + " is a whole number");
        }
      }
      case DATE -> {
        return time(field, value);
      }
      case IP -> {
        if (!EventCheck.isAddress(value.text()) && !(networkAllowed && isNetwork(value.text()))) {
          throw error(
              column,
              field.text()
                  + (networkAllowed
                      ? " is an IP address or a network, 10.0.0.0/8"
                      : " is an IP address"));
        }
        return value.text();
      }
      default -> {
        return value.text();
      }
    }
  }

  private String time(FieldName field, Value value) throws QuerySyntaxException {
    Optional<LocalDate> day = day(value.text());
    if (day.isPresent()) {
      return startOf(day.get());
    }
    try {
      return EventTime.format(EventTime.parse(value.text()));
    } catch (DateTimeException e) {
      throw error(
          value.column() - 1, field.text() + " is a time: 2026-11-21 or 2026-11-21T10:15:30Z");
    }
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return text.length() == 10 ? Optional.of(LocalDate.parse(text)) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String startOf(LocalDate day) {
    Instant start = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    return EventTime.format(start);
  }

  private static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !EventCheck.isAddress(text.substring(0, slash))) {
      return false;
    }
    String bits = text.substring(slash + 1);
    int max = text.indexOf(':') >= 0 ? 128 : 32;
    return bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= max;
  }

  private FieldName fieldOf(Value name) throws QuerySyntaxException {
    int column = name.column() - 1;
    if (name.text().isEmpty() || name.star()) {
      throw error(column, "expected a field's name before the operator");
    }
    Optional<FieldName> field = EventSchema.searchable(name.text());
    if (field.isPresent()) {
      return field.get();
    }
    if (EventSchema.field(name.text()).isPresent()) {
      throw error(column, name.text() + " is kept in the event and not searchable");
    }
    List<String> known =
        Stream.concat(
                EventSchema.ALIASES.keySet().stream(),
                EventSchema.fields().stream()
                    .filter(f -> f.type() != FieldType.STORED)
                    .map(Field::name))
            .toList();
    throw error(
        column,
        "no field is called "
            + name.text()
            + Nearest.to(name.text(), known).map(near -> "; did you mean " + near + "?").orElse("")
            + " To search for it as a word, quote it");
  }

  private void requireText(Value value) throws QuerySyntaxException {
    if (value.text().isEmpty()) {
      throw error(value.column() - 1, "expected a value; field:* finds what has the field");
    }
  }

  private void count(Value value) throws QuerySyntaxException {
    if (++clauses > MAX_CLAUSES) {
      throw error(value.column() - 1, "a query has at most 64 clauses");
    }
  }

  private void enter(int column) throws QuerySyntaxException {
    if (++depth > MAX_DEPTH) {
      throw error(column, "a query nests at most 8 deep");
    }
  }

  /** The next character that is no space, or 0 at the end. */
  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean skipOperator(String operator) throws QuerySyntaxException {
    if (!isOperatorNext(operator)) {
      return false;
    }
    at += operator.length();
    return true;
  }

  private boolean isOperatorNext(String operator) throws QuerySyntaxException {
    if (peek() == 0 || !text.regionMatches(true, at, operator, 0, operator.length())) {
      return false;
    }
    int end = at + operator.length();
    if (end < text.length() && !endsWord(text.charAt(end), false)) {
      return false;
    }
    return true;
  }

  private static QuerySyntaxException error(int at, String message) {
    return new QuerySyntaxException(at + 1, message);
  }
}
