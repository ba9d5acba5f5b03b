package dev.bitacora.core.config;

import java.util.List;

/**
 * The configuration cannot be used; every problem at once, each saying which setting, where it came
 * from and what to do.
 */
public final class InvalidConfigurationException extends IllegalArgumentException {
  private final transient List<String> problems;

  public InvalidConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
