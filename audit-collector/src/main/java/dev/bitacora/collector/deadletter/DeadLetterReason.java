package dev.bitacora.collector.deadletter;

import java.util.Arrays;
import java.util.Optional;

/** Why a record is a dead letter; the text is a label of metrics and stands in every format. */
public enum DeadLetterReason {
  /** Headers or frame are not of the wire format. */
  MALFORMED_RECORD("malformed-record"),
  /** The value is not JSON as we accept it: syntax, depth, duplicate keys, lengths. */
  MALFORMED_JSON("malformed-json"),
  /** JSON, and not an event of the schema. */
  INVALID_EVENT("invalid-event"),
  /** An event of a schema or wire version that this collector does not know. */
  UNKNOWN_VERSION("unknown-version"),
  /** Larger than an event may be, or than the store takes. */
  TOO_LARGE("too-large"),
  /** The store refuses this event and accepts others in the same place. */
  REFUSED_BY_STORE("refused-by-store");

  private final String text;

  DeadLetterReason(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The reason of this text, if there is one. */
  public static Optional<DeadLetterReason> of(String text) {
    return Arrays.stream(values()).filter(reason -> reason.text.equals(text)).findFirst();
  }
}
