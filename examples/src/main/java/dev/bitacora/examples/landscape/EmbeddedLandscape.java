package dev.bitacora.examples.landscape;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.examples.component.Component;
import dev.bitacora.examples.component.ComponentConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Components as objects of one JVM. */
final class EmbeddedLandscape implements Landscape {
  private final List<Component> components = new ArrayList<>();
  private final List<Deployed> deployed = new ArrayList<>();

  private EmbeddedLandscape() {}

  static EmbeddedLandscape start(Destinations destinations, Optional<Path> receipts) {
    EmbeddedLandscape landscape = new EmbeddedLandscape();
    try {
      for (String environment : ENVIRONMENTS) {
        landscape.start(environment, destinations, receipts);
      }
      return landscape;
    } catch (RuntimeException e) {
      landscape.close();
      throw e;
    }
  }

  private void start(String environment, Destinations destinations, Optional<Path> receipts) {
    Map<String, URI> peers = new HashMap<>();
    for (String name : Programs.NAMES) {
      ComponentConfig config =
          ComponentConfig.of(
                  name,
                  environment,
                  Programs.version(name, environment),
                  destination(destinations.of(name, environment)))
              .withPeers(peers);
      Optional<Path> file = receipts.map(folder -> receiptFile(folder, name, environment));
      Component component =
          new Component(
              file.map(config::withReceipts).orElse(config), Programs.find(name).orElseThrow());
      components.add(component);
      peers.put(name, component.start().url());
      deployed.add(new Deployed(name, environment, component.url(), file));
    }
  }

  private static AuditConfig destination(Map<String, String> variables) {
    return AuditConfig.of(Configuration.reader(variables).read()).toBuilder().quiet(true).build();
  }

  static Path receiptFile(Path folder, String name, String environment) {
    return folder.resolve(name + "-" + environment + ".receipts");
  }

  @Override
  public List<Deployed> components() {
    return List.copyOf(deployed);
  }

  /** All at once: each may wait for its destination. */
  @Override
  public void close() {
    components.parallelStream().forEach(Component::close);
  }
}
