package dev.bitacora.core.query;

import dev.bitacora.core.query.Query.All;
import dev.bitacora.core.query.Query.And;
import dev.bitacora.core.query.Query.Exists;
import dev.bitacora.core.query.Query.Match;
import dev.bitacora.core.query.Query.Not;
import dev.bitacora.core.query.Query.Or;
import dev.bitacora.core.query.Query.Prefix;
import dev.bitacora.core.query.Query.Range;
import dev.bitacora.core.query.Query.Words;
import dev.bitacora.core.query.Query.WordsPrefix;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The canonical text of a tree: operators and field names in full; parsing it gives the same tree.
 */
final class QueryPrinter {
  static final Set<String> OPERATORS = Set.of("and", "or", "not");

  private static final Pattern PLAIN_WORD = Pattern.compile("[\\p{L}\\p{N}_@./+#%~$-]+");
  private static final Pattern PLAIN_VALUE = Pattern.compile("[\\p{L}\\p{N}_@./+#%~$:-]+");

  private QueryPrinter() {}

  static String print(Query query) {
    if (query instanceof All) {
      return "";
    } else if (query instanceof Words words) {
      return quoteUnless(PLAIN_WORD, words.text());
    } else if (query instanceof WordsPrefix words) {
      return escape(words.prefix()) + "*";
    } else if (query instanceof Match match) {
      return match.field().text() + ":" + quoteUnless(PLAIN_VALUE, match.value());
    } else if (query instanceof Prefix prefix) {
      return prefix.field().text() + ":" + escape(prefix.prefix()) + "*";
    } else if (query instanceof Exists exists) {
      return exists.field().text() + ":*";
    } else if (query instanceof Range range) {
      return range.field().text()
          + " "
          + range.comparison().sign()
          + " "
          + quoteUnless(PLAIN_VALUE, range.bound());
    } else if (query instanceof Not not) {
      return "not " + group(not.clause());
    } else if (query instanceof And and) {
      return join(and.clauses(), " and ");
    } else {
      return join(((Or) query).clauses(), " or ");
    }
  }

  private static String join(List<Query> clauses, String operator) {
    return clauses.stream().map(QueryPrinter::group).collect(Collectors.joining(operator));
  }

  private static String group(Query clause) {
    if (clause instanceof All) {
      return "*";
    }
    return clause instanceof And || clause instanceof Or
        ? "(" + print(clause) + ")"
        : print(clause);
  }

  private static String quoteUnless(Pattern plain, String value) {
    if (plain.matcher(value).matches() && !OPERATORS.contains(value.toLowerCase(Locale.ROOT))) {
      return value;
    }
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A beginning cannot be quoted, so each special character is escaped. */
  private static String escape(String prefix) {
    StringBuilder escaped = new StringBuilder();
    prefix
        .codePoints()
        .forEach(
            c -> {
              String character = Character.toString(c);
              if (!PLAIN_WORD.matcher(character).matches()) {
                escaped.append('\\');
              }
              escaped.append(character);
            });
    return escaped.toString();
  }
}
