package dev.bitacora.cli;

/** Turns what went wrong into the one line that a person reads. */
final class Failure {
  private Failure() {}

  static String describe(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }
}
