package dev.bitacora.core.event;

import java.util.Locale;

/** How it ended, as ECS has it. */
public enum Outcome {
  SUCCESS,
  FAILURE,
  UNKNOWN;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The value of {@code event.outcome}. */
  public String text() {
    return text;
  }
}
