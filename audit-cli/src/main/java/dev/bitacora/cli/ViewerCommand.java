package dev.bitacora.cli;

import dev.bitacora.cli.service.DistributedViewer;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import picocli.CommandLine.Command;

/** The distributed service's pages and API. */
@Command(
    name = "viewer",
    description = {
      "Serves pages and API over Elasticsearch; what people look at is recorded through Kafka.",
      "Any number of viewers share users, tokens and sessions.",
    })
final class ViewerCommand extends SettingsCommand {
  ViewerCommand() {
    super(
        Setting.ELASTICSEARCH_URL,
        Setting.ELASTICSEARCH_USER,
        Setting.ELASTICSEARCH_PASSWORD,
        Setting.ELASTICSEARCH_API_KEY,
        Setting.ELASTICSEARCH_CA_FILE,
        Setting.KAFKA_BOOTSTRAP_SERVERS,
        Setting.LISTEN,
        Setting.BASE_PATH,
        Setting.TLS_CERTIFICATE,
        Setting.TLS_KEY,
        Setting.TRUSTED_PROXIES,
        Setting.ENVIRONMENT,
        Setting.RETENTION_EVENTS,
        Setting.RETENTION_LOGS,
        Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    Configuration configuration = configuration();
    DistributedViewer viewer = new DistributedViewer(configuration, Version.text());
    Shutdown shutdown = Shutdown.closes(viewer, err());
    viewer.start();
    Welcome.print(out(), viewer, configuration);
    shutdown.await();
    return ExitCode.GOOD;
  }
}
