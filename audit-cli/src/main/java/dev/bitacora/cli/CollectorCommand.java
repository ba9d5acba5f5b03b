package dev.bitacora.cli;

import dev.bitacora.cli.service.DistributedCollector;
import dev.bitacora.core.config.Setting;
import picocli.CommandLine.Command;

/** The distributed service's intake and indexer. */
@Command(
    name = "collector",
    description = {
      "Indexes events from Kafka into Elasticsearch and takes events over HTTP.",
      "Any number of collectors share the work. Any property of Kafka's clients passes through",
      "as BITACORA_KAFKA_*: BITACORA_KAFKA_SECURITY_PROTOCOL is security.protocol.",
    })
final class CollectorCommand extends SettingsCommand {
  CollectorCommand() {
    super(
        Setting.KAFKA_BOOTSTRAP_SERVERS,
        Setting.ELASTICSEARCH_URL,
        Setting.ELASTICSEARCH_USER,
        Setting.ELASTICSEARCH_PASSWORD,
        Setting.ELASTICSEARCH_API_KEY,
        Setting.ELASTICSEARCH_CA_FILE,
        Setting.LISTEN,
        Setting.TLS_CERTIFICATE,
        Setting.TLS_KEY,
        Setting.RETENTION_EVENTS,
        Setting.RETENTION_LOGS,
        Setting.ALARM_WEBHOOKS,
        Setting.CA_FILE,
        Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    DistributedCollector collector = new DistributedCollector(configuration(), Version.text());
    Shutdown shutdown = Shutdown.closes(collector, err());
    collector.start();
    out().println("Bitácora collector runs: " + collector.url() + "/health/ready");
    shutdown.await();
    return ExitCode.GOOD;
  }
}
