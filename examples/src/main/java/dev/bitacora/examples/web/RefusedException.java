package dev.bitacora.examples.web;

/** A request that is answered with a status and a reason. */
public final class RefusedException extends Exception {
  private final int status;

  public RefusedException(int status, String reason) {
    super(reason);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
