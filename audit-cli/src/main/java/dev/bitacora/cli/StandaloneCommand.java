package dev.bitacora.cli;

import dev.bitacora.cli.service.DataDirectory;
import dev.bitacora.cli.service.Embedded;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import picocli.CommandLine.Command;

/** The embedded service. */
@Command(
    name = "standalone",
    description = "Runs intake, index and viewer in this one process, without any other server.")
final class StandaloneCommand extends SettingsCommand {
  StandaloneCommand() {
    super(
        Setting.DATA_DIR,
        Setting.LISTEN,
        Setting.BASE_PATH,
        Setting.TLS_CERTIFICATE,
        Setting.TLS_KEY,
        Setting.TRUSTED_PROXIES,
        Setting.ENVIRONMENT,
        Setting.RETENTION_EVENTS,
        Setting.RETENTION_LOGS,
        Setting.ALARM_WEBHOOKS,
        Setting.CA_FILE,
        Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    Configuration configuration = configuration();
    DataDirectory data = DataDirectory.of(configuration);
    Embedded service = new Embedded(data, configuration, Version.text());
    Shutdown shutdown = Shutdown.closes(service, err());
    service.start();
    Welcome.print(out(), service, configuration, data);
    shutdown.await();
    return ExitCode.GOOD;
  }
}
