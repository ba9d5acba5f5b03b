package dev.bitacora.collector.intake;

import java.util.Optional;

/** Tells who sends. Safe for any thread. */
@FunctionalInterface
public interface SenderAuthenticator {

  /**
   * Judges a request.
   *
   * @param authorization the request's {@code Authorization} header
   */
  Verdict authenticate(Optional<String> authorization);

  /** The answer. */
  sealed interface Verdict {}

  /** A component that may send. */
  record Accepted(Sender sender) implements Verdict {}

  /** No token, or one that is not valid (any more). */
  record Unauthenticated() implements Verdict {}

  /** A valid token that may not send. */
  record Forbidden() implements Verdict {}
}
