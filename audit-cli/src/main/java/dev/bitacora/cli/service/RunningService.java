package dev.bitacora.cli.service;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** A service with a viewer. */
public interface RunningService extends AutoCloseable {
  /** The viewer's address, base path included. */
  URI url();

  /** A link that logs the first user in, once; empty when that user has a password. */
  Optional<String> loginLink();

  /** The first start's tokens that are still known, by name: {@code auditor}, {@code component}. */
  Map<String, String> tokens();

  /** Stops gracefully. Idempotent. */
  @Override
  void close();
}
