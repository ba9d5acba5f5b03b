package dev.bitacora.cli.kibana;

/** The objects are not in Kibana; the message says in a sentence why and what to do. */
public final class KibanaException extends Exception {
  KibanaException(String message) {
    super(message);
  }

  KibanaException(String message, Throwable cause) {
    super(message, cause);
  }
}
