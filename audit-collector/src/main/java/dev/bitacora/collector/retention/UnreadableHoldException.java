package dev.bitacora.collector.retention;

/** A hold that nobody can say what it covers, so it covers everything. */
final class UnreadableHoldException extends Exception {
  private final String hold;

  UnreadableHoldException(String hold, String problem) {
    super(
        "hold "
            + hold
            + " cannot be read ("
            + problem
            + "), so everything is kept; release it with: bitacora hold release "
            + hold
            + ", and place it anew");
    this.hold = hold;
  }

  String hold() {
    return hold;
  }
}
