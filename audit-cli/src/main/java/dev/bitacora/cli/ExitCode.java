package dev.bitacora.cli;

/** What the process says at its end. */
final class ExitCode {
  /** Good. */
  static final int GOOD = 0;

  /** The thing checked is bad. */
  static final int BAD = 1;

  /** Could not be decided, or could not run. */
  static final int COULD_NOT_RUN = 2;

  /** Wrong usage: an option, a setting. */
  static final int USAGE = 3;

  private ExitCode() {}
}
