package dev.bitacora.viewer.access;

import java.time.Duration;

/** What became of an attempt to log in. */
public sealed interface Login {

  /**
   * Welcome.
   *
   * @param cookie the session's secret
   */
  record Granted(Identity identity, String cookie) implements Login {
    @Override
    public String toString() {
      return "Granted[" + identity.id() + "]";
    }
  }

  /** Name or password is wrong; which one is not said. */
  record Refused() implements Login {}

  /** Too many failures: nothing was checked. */
  record Locked(Duration pause) implements Login {}
}
