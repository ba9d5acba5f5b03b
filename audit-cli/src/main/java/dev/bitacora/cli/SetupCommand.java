package dev.bitacora.cli;

import dev.bitacora.cli.service.ServerSetup;
import dev.bitacora.core.config.Setting;
import picocli.CommandLine.Command;

/** Topics, templates, roles, Kibana's objects. */
@Command(
    name = "setup",
    description = {
      "Creates and checks Kafka topics, Elasticsearch templates and roles, and Kibana's data views,",
      "searches and dashboard. Safe to repeat. Of what is there and not as it should be it mends what",
      "can do no harm, and says of the rest what to do: then the exit code is 1.",
    })
final class SetupCommand extends SettingsCommand {
  SetupCommand() {
    super(
        Setting.KAFKA_BOOTSTRAP_SERVERS,
        Setting.PARTITIONS,
        Setting.ELASTICSEARCH_URL,
        Setting.ELASTICSEARCH_USER,
        Setting.ELASTICSEARCH_PASSWORD,
        Setting.ELASTICSEARCH_API_KEY,
        Setting.ELASTICSEARCH_CA_FILE,
        Setting.KIBANA_URL,
        Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    boolean good = new ServerSetup(configuration()).run(out()::println);
    return good ? ExitCode.GOOD : ExitCode.BAD;
  }
}
