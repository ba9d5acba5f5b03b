package dev.bitacora.cli;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.agent.context.User;
import dev.bitacora.cli.api.ApiClient;
import dev.bitacora.cli.service.DataDirectory;
import dev.bitacora.cli.service.TrustedHttp;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** Records one event and waits until it is found: is everything connected? */
@Command(
    name = "send",
    description = {
      "Records one event and waits until it is searchable: is everything connected?",
      "Beside a service on this machine it needs no options: it takes the address and the tokens",
      "from the data directory.",
    })
final class SendCommand extends SettingsCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(20);

  SendCommand() {
    super(
        Setting.URL,
        Setting.TOKEN,
        Setting.READER_TOKEN,
        Setting.CA_FILE,
        Setting.KAFKA_BOOTSTRAP_SERVERS,
        Setting.SERVICE_NAME,
        Setting.ENVIRONMENT,
        Setting.DATA_DIR,
        Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    Configuration configuration = configuration();
    DataDirectory data = DataDirectory.of(configuration);
    URI url =
        configuration.text(Setting.URL).map(URI::create).or(data::url).orElseThrow(this::noUrl);
    long start = System.nanoTime();
    Receipt receipt = record(agentConfig(configuration, data, url));
    out()
        .printf(
            "acknowledged %s after %d ms%n", receipt.eventId().orElseThrow(), millisSince(start));
    Optional<String> reader = configuration.text(Setting.READER_TOKEN).or(data::auditorToken);
    if (reader.isEmpty()) {
      err()
          .println(
              "bitacora: cannot look whether it is searchable; "
                  + Configuration.missing(Setting.READER_TOKEN));
      return ExitCode.COULD_NOT_RUN;
    }
    ApiClient api = new ApiClient(TrustedHttp.client(configuration), url, reader.get());
    if (!isFound(api, receipt.eventId().orElseThrow(), start)) {
      err()
          .printf(
              "bitacora: not found within %d s; see the collector's /health/ready for the reason%n",
              PATIENCE.toSeconds());
      return ExitCode.BAD;
    }
    out()
        .printf(
            "searchable after %d ms: %s/events/%s%n",
            millisSince(start), url, receipt.eventId().get());
    return ExitCode.GOOD;
  }

  private static AuditConfig agentConfig(Configuration configuration, DataDirectory data, URI url) {
    AuditConfig.Builder config = AuditConfig.of(configuration).toBuilder().quiet(true);
    if (!configuration.isSet(Setting.SERVICE_NAME)) {
      config.component(DataDirectory.FIRST_COMPONENT);
    }
    if (!configuration.isSet(Setting.ENVIRONMENT)) {
      config.environment("dev");
    }
    if (configuration.kafkaProperties().isEmpty()) {
      config.url(url);
      configuration.text(Setting.TOKEN).or(data::componentToken).ifPresent(config::token);
    }
    return config.build();
  }

  private Receipt record(AuditConfig config) throws IOException, InterruptedException {
    try (AuditLog audit = AuditLog.open(config)) {
      try {
        return audit
            .event("bitacora.send")
            .actor(User.id(System.getProperty("user.name", "unknown")))
            .target("service", "bitacora")
            .message("A test event, sent to see whether everything is connected")
            .success()
            .recordRemotely()
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new IOException(
            "no acknowledgement within "
                + PATIENCE.toSeconds()
                + " s: "
                + audit.health().lastError().orElse("no error was reported")
                + "; check the address, the token and that the service runs",
            e);
      } catch (ExecutionException e) {
        throw new IOException("the event was refused: " + Failure.describe(e.getCause()), e);
      }
    }
  }

  private static boolean isFound(ApiClient api, String eventId, long start)
      throws IOException, InterruptedException {
    while (millisSince(start) < PATIENCE.toMillis()) {
      if (api.get("/api/v1/events/" + eventId, Map.of()).isPresent()) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    }
    return false;
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private InvalidConfigurationException noUrl() {
    return new InvalidConfigurationException(
        List.of(
            Configuration.missing(Setting.URL)
                + "; or start a service on this machine and give its --data-dir"));
  }
}
