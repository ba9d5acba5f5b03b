package dev.bitacora.core.event;

import java.util.List;

/**
 * Bytes or values that are not an event; each problem names the field and what was expected, and
 * quotes no content.
 */
public final class InvalidEventException extends Exception {
  private final transient List<String> problems;

  public InvalidEventException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
