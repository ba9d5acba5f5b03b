package dev.bitacora.cli.demo;

import dev.bitacora.cli.service.DistributedCollector;
import dev.bitacora.cli.service.DistributedViewer;
import dev.bitacora.cli.service.RunningService;
import dev.bitacora.cli.service.ServerSetup;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Collector and viewer on servers that were started for them. */
final class Distributed implements RunningService {
  private final RealEngines servers;
  private final DistributedCollector collector;
  private final DistributedViewer viewer;
  private final ServerSetup setup;

  Distributed(RealEngines servers, Configuration configuration, String version) {
    this.servers = servers;
    Configuration onServers =
        Configuration.reader(Map.of())
            .option(Setting.KAFKA_BOOTSTRAP_SERVERS, servers.bootstrapServers())
            .option(Setting.ELASTICSEARCH_URL, servers.elasticsearchUrl())
            .option(Setting.ENVIRONMENT, "demo")
            .option(Setting.LISTEN, configuration.text(Setting.LISTEN).orElse("127.0.0.1:7070"))
            .read();
    Configuration anyPort =
        Configuration.reader(Map.of())
            .option(Setting.KAFKA_BOOTSTRAP_SERVERS, servers.bootstrapServers())
            .option(Setting.ELASTICSEARCH_URL, servers.elasticsearchUrl())
            .option(Setting.LISTEN, "127.0.0.1:0")
            .read();
    setup = new ServerSetup(onServers);
    collector = new DistributedCollector(anyPort, version);
    viewer = new DistributedViewer(onServers, version);
  }

  void start() throws Exception {
    setup.run(line -> {});
    collector.start();
    viewer.start();
  }

  @Override
  public URI url() {
    return viewer.url();
  }

  @Override
  public Optional<String> loginLink() {
    return viewer.loginLink();
  }

  @Override
  public Map<String, String> tokens() {
    return viewer.tokens();
  }

  @Override
  public void close() {
    viewer.close();
    collector.close();
    servers.close();
  }
}
