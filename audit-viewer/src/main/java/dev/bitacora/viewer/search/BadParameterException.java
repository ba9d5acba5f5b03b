package dev.bitacora.viewer.search;

import java.util.OptionalInt;

/** A parameter of the request cannot be understood; the message says what was expected. */
public final class BadParameterException extends Exception {
  private final String parameter;
  private final int column;

  BadParameterException(String parameter, String message) {
    this(parameter, message, 0);
  }

  BadParameterException(String parameter, String message, int column) {
    super(message);
    this.parameter = parameter;
    this.column = column;
  }

  public String parameter() {
    return parameter;
  }

  /** Where in the parameter's value, from 1, when that is known. */
  public OptionalInt column() {
    return column > 0 ? OptionalInt.of(column) : OptionalInt.empty();
  }
}
