package dev.bitacora.examples.landscape;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A component that runs somewhere.
 *
 * @param receipts its file of receipts, if it keeps one
 */
public record Deployed(String name, String environment, URI url, Optional<Path> receipts) {
  public Deployed(String name, String environment, URI url) {
    this(name, environment, url, Optional.empty());
  }
}
