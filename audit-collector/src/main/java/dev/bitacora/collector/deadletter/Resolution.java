package dev.bitacora.collector.deadletter;

/** How a dead letter came to its end; text and code stand in the formats. */
public enum Resolution {
  /** The store has its event, or the log that leads to the store. */
  STORED("stored", 1),
  /** It was tried again and failed again: a newer letter stands for it. */
  PARKED_AGAIN("parked-again", 2);

  private final String text;
  private final int code;

  Resolution(String text, int code) {
    this.text = text;
    this.code = code;
  }

  public String text() {
    return text;
  }

  int code() {
    return code;
  }
}
