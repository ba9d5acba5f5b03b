package dev.bitacora.agent;

/** The agent's few lines for people: on stderr, never through the host's loggers. */
final class StandardError {
  private final String prefix;
  private final boolean quiet;

  StandardError(String component, boolean quiet) {
    this.prefix = "bitacora: " + component + ": ";
    this.quiet = quiet;
  }

  void line(String text) {
    if (!quiet) {
      System.err.println(prefix + text.replaceAll("\\p{Cntrl}+", " "));
    }
  }
}
