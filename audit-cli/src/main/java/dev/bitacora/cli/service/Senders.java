package dev.bitacora.cli.service;

import dev.bitacora.collector.intake.Sender;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.SenderVerdict;
import java.util.Optional;

/** Lets the collector's intake ask the tokens that the viewer's access control keeps. */
final class Senders {
  private Senders() {}

  static SenderAuthenticator of(Access access) {
    return authorization -> verdict(access.sender(authorization));
  }

  private static SenderAuthenticator.Verdict verdict(SenderVerdict verdict) {
    if (verdict instanceof SenderVerdict.Component component) {
      return new SenderAuthenticator.Accepted(new Sender(component.name(), Optional.empty()));
    }
    return verdict instanceof SenderVerdict.Forbidden
        ? new SenderAuthenticator.Forbidden()
        : new SenderAuthenticator.Unauthenticated();
  }
}
