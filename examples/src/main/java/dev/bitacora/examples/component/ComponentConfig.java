package dev.bitacora.examples.component;

import dev.bitacora.agent.AuditConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a component is told when it starts.
 *
 * @param name of the component and of its program: api, cache, assistant or batch
 * @param version may change while it runs, by a deployment
 * @param host to listen on
 * @param port 0 takes a free one
 * @param destination where its agent sends; name, environment and version are the component's
 * @param receipts where it keeps proof of what it recorded, if anywhere
 * @param peers addresses of the components it calls, by name
 */
public record ComponentConfig(
    String name,
    String environment,
    String version,
    String host,
    int port,
    AuditConfig destination,
    Optional<Path> receipts,
    Map<String, URI> peers) {
  public ComponentConfig {
    peers = Map.copyOf(peers);
  }

  /** On a free port of the loopback interface. */
  public static ComponentConfig of(
      String name, String environment, String version, AuditConfig destination) {
    return new ComponentConfig(
        name, environment, version, "127.0.0.1", 0, destination, Optional.empty(), Map.of());
  }

  public ComponentConfig withReceipts(Path file) {
    return new ComponentConfig(
        name, environment, version, host, port, destination, Optional.of(file), peers);
  }

  public ComponentConfig withPeers(Map<String, URI> peers) {
    return new ComponentConfig(
        name, environment, version, host, port, destination, receipts, peers);
  }

  public ComponentConfig withListen(String host, int port) {
    return new ComponentConfig(
        name, environment, version, host, port, destination, receipts, peers);
  }

  ComponentConfig withVersion(String version) {
    return new ComponentConfig(
        name, environment, version, host, port, destination, receipts, peers);
  }
}
