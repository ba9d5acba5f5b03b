package dev.bitacora.core.event;

import java.util.Locale;

/** How dear an event is: a mandatory one can neither be filtered nor shed. */
public enum EventClass {
  MANDATORY,
  STANDARD,
  DEBUG;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The value of {@code audit.class}. */
  public String text() {
    return text;
  }
}
