package dev.bitacora.core.query;

/** The text is not a query; the message says what was expected, the column where. */
public final class QuerySyntaxException extends Exception {
  private final int column;

  QuerySyntaxException(int column, String message) {
    super(message);
    this.column = column;
  }

  /** The column of the first character that does not fit, from 1, in UTF-16 units. */
  public int column() {
    return column;
  }
}
