package dev.bitacora.cli.demo;

import dev.bitacora.cli.service.DataDirectory;
import dev.bitacora.cli.service.Embedded;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.examples.landscape.Landscape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts demos. */
public final class Demos {
  private Demos() {}

  /** Everything in this process; the data stays in the directory. */
  public static Demo embedded(DataDirectory data, Configuration configuration, String version)
      throws Exception {
    Embedded service = new Embedded(data, configuration, version);
    service.start();
    try {
      Landscape landscape =
          Landscape.embedded(
              (component, environment) ->
                  Map.of(
                      "BITACORA_URL", service.url().toString(),
                      "BITACORA_TOKEN", service.componentToken(component),
                      "BITACORA_SPOOL_DIR", data.spool().toString()),
              Optional.of(receipts(data)));
      return new Demo(service, landscape);
    } catch (Exception e) {
      service.close();
      throw e;
    }
  }

  /**
   * On a real broker and a real Elasticsearch node, each component in a process of its own. The
   * servers and their data go when the demo is closed.
   *
   * @param engines the folder that holds the servers
   */
  public static Demo onRealEngines(
      Path engines, DataDirectory data, Configuration configuration, String version)
      throws Exception {
    Path spool = fresh(data, "engines-spool");
    RealEngines servers = RealEngines.start(engines);
    Distributed service = new Distributed(servers, configuration, version);
    try {
      service.start();
      Landscape landscape =
          Landscape.processes(
              (component, environment) ->
                  Map.of(
                      "BITACORA_KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServers(),
                      "BITACORA_SPOOL_DIR", spool.toString()),
              Optional.of(receipts(data)),
              System.getProperty("java.class.path"));
      return new Demo(service, landscape);
    } catch (Exception e) {
      service.close();
      throw e;
    }
  }

  private static Path receipts(DataDirectory data) throws IOException {
    return fresh(data, "receipts");
  }

  /** An empty folder for what belongs to this run alone. */
  private static Path fresh(DataDirectory data, String name) throws IOException {
    Path folder = data.root().resolve(name);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> old = Files.walk(folder).sorted(Comparator.reverseOrder())) {
        for (Path path : old.toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(folder);
  }
}
