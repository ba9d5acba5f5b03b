package dev.bitacora.store;

/** The store gives no answer; the message says what was tried, what was seen and what to do. */
public class StoreException extends RuntimeException {
  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A cursor that no store of this kind gave out: the caller's mistake. */
  public static final class BadCursor extends StoreException {
    public BadCursor() {
      super("after: not a cursor of this service");
    }
  }

  /** The answer took longer than allowed. */
  public static final class TimedOut extends StoreException {
    public TimedOut(String message) {
      super(message);
    }
  }

  /** Another process holds the store's directory. */
  public static final class InUse extends StoreException {
    public InUse(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
