package dev.bitacora.core.event;

import java.util.Locale;
import java.util.Optional;

/** What kind of record it is: {@code event.dataset}. */
public enum Dataset {
  /** What a component did, recorded on purpose. */
  AUDIT,
  /** An application's log line. */
  LOG,
  /** The agent's own records about its stream. */
  CONTROL;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The value of {@code event.dataset}. */
  public String text() {
    return text;
  }

  public static Optional<Dataset> of(String text) {
    for (Dataset dataset : values()) {
      if (dataset.text().equals(text)) {
        return Optional.of(dataset);
      }
    }
    return Optional.empty();
  }
}
