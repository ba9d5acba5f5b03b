package dev.bitacora.viewer.search;

/** Somebody, or everybody together, runs as many queries as are allowed at once. */
public final class TooManyQueriesException extends Exception {
  TooManyQueriesException(String message) {
    super(message);
  }
}
