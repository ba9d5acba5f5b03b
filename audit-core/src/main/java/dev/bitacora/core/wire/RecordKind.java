package dev.bitacora.core.wire;

import java.util.Optional;

/** What a record holds; one byte on the wire. */
public enum RecordKind {
  AUDIT(1),
  LOG(2),
  CONTROL(3);

  private final byte code;

  RecordKind(int code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  public static Optional<RecordKind> of(int code) {
    for (RecordKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
