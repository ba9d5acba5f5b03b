package dev.bitacora.viewer.access;

/** What an {@code Authorization} header is worth at the intake. */
public sealed interface SenderVerdict {

  /** A component's token: events may be sent in its name. */
  record Component(String name) implements SenderVerdict {}

  /** No token, or none that is known: 401. */
  record Unauthenticated() implements SenderVerdict {}

  /** A good token that may not send events: 403. */
  record Forbidden() implements SenderVerdict {}
}
