package dev.bitacora.core.wire;

/**
 * Headers or frames that are not of the wire format; the message says which part and what was
 * expected.
 */
public final class MalformedRecordException extends Exception {
  public MalformedRecordException(String message) {
    super(message);
  }
}
