package dev.bitacora.core.query;

import dev.bitacora.core.event.FieldName;
import java.util.List;

/**
 * A query as a tree. Values are checked against their field's type when the text is parsed, so a
 * store can compile any tree. Immutable. {@code toString()} is the query's canonical text.
 *
 * <p>What the leaves mean, the same in every store:
 *
 * <ul>
 *   <li>keyword fields compare the whole value, case included; a value longer than {@code
 *       EventSchema.IGNORE_ABOVE} is not found by its value
 *   <li>text fields compare words (Unicode segmentation, lower case); several words must stand side
 *       by side in that order
 *   <li>a field with several values matches when one of them does
 *   <li>{@code not} is the complement: documents without the field match
 * </ul>
 */
public sealed interface Query {

  /** Everything. */
  Query ALL = new All();

  /** Everything: the empty text. */
  record All() implements Query {
    @Override
    public String toString() {
      return "";
    }
  }

  /**
   * Words anywhere: side by side in one of {@code EventSchema.FULL_TEXT}, or equal to the whole
   * value of one of {@code EventSchema.IDENTIFIERS}.
   */
  record Words(String text) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /**
   * A beginning anywhere: of a word in a full-text field (lower-cased), or of an identifier's value
   * (as it is).
   */
  record WordsPrefix(String prefix) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /**
   * The field has this value. A long is decimal, a date is RFC 3339 in UTC, an ip is an address or
   * a network ({@code 10.0.0.0/8}); a flattened field without a key compares any of its leaves.
   */
  record Match(FieldName field, String value) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** A value begins so: keyword, flattened, or (lower-cased) a word of a text field. */
  record Prefix(FieldName field, String prefix) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** The field has an indexed value. */
  record Exists(FieldName field) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** A value compares so; keywords by UTF-8 bytes, the others by magnitude. Never a text field. */
  record Range(FieldName field, Comparison comparison, String bound) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** All of at least two. */
  record And(List<Query> clauses) implements Query {
    public And {
      clauses = List.copyOf(clauses);
    }

    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** Any of at least two. */
  record Or(List<Query> clauses) implements Query {
    public Or {
      clauses = List.copyOf(clauses);
    }

    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** Not. */
  record Not(Query clause) implements Query {
    @Override
    public String toString() {
      return QueryPrinter.print(this);
    }
  }

  /** How a range compares. */
  enum Comparison {
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  /**
   * Reads the language.
   *
   * @throws QuerySyntaxException with the column
   */
  static Query parse(String text) throws QuerySyntaxException {
    return new QueryParser(text).parse();
  }

  /** Both; {@link #ALL} adds nothing. */
  static Query and(Query left, Query right) {
    if (left instanceof All) {
      return right;
    }
    return right instanceof All ? left : new And(List.of(left, right));
  }
}
