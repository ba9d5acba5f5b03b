package dev.bitacora.core.json;

/**
 * The bytes are not the JSON that was asked for; the message says what is wrong and where, and
 * quotes no content.
 */
public final class MalformedJsonException extends Exception {
  public MalformedJsonException(String message) {
    super(message);
  }
}
