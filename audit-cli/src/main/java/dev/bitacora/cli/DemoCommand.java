package dev.bitacora.cli;

import dev.bitacora.cli.demo.Demo;
import dev.bitacora.cli.demo.DemoResult;
import dev.bitacora.cli.demo.Demos;
import dev.bitacora.cli.service.DataDirectory;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The product with components that use it. */
@Command(
    name = "demo",
    description = {
      "Runs the product with example components that record a realistic day in dev, uat and prd.",
      "Keeps its data in the folder 'demo' of the data directory; Ctrl-C stops it.",
    })
final class DemoCommand extends SettingsCommand {
  /** Fewer are recorded by the components' start alone. */
  private static final long FEWEST = 100;

  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "kafka,elasticsearch",
      description =
          "Runs on a real Kafka broker and a real Elasticsearch node, started and stopped by the demo")
  private List<String> engines = List.of();

  @Option(
      names = "--events",
      paramLabel = "N",
      description =
          "Records exactly N audit events and log lines, and checks that each is found once")
  private Long events;

  @Option(
      names = "--exit",
      description = "Ends after --events; exit code 1 when something was lost or doubled")
  private boolean exit;

  DemoCommand() {
    super(Setting.DATA_DIR, Setting.LISTEN, Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    checkUsage();
    Instant since = Instant.now().minus(Duration.ofSeconds(1));
    Configuration configuration = configuration();
    DataDirectory data =
        DataDirectory.at(configuration.path(Setting.DATA_DIR).orElseThrow().resolve("demo"));
    Demo demo = start(data, configuration);
    Shutdown shutdown = Shutdown.closes(demo, err());
    Welcome.print(out(), demo.service(), configuration, data);
    if (events == null) {
      demo.run();
      shutdown.await();
      return ExitCode.GOOD;
    }
    err().printf("bitacora: recording %d events …%n", events);
    DemoResult result = demo.recordExactly(events, since);
    result
        .differences()
        .forEach(id -> err().println("bitacora: not shown as it was recorded: " + id));
    if (exit) {
      shutdown.now();
    }
    out().println(result.line());
    if (!exit) {
      shutdown.await();
    }
    return result.isGood() ? ExitCode.GOOD : ExitCode.BAD;
  }

  private Demo start(DataDirectory data, Configuration configuration) throws Exception {
    if (engines.isEmpty()) {
      return Demos.embedded(data, configuration, Version.text());
    }
    err().println("bitacora: starting a Kafka broker and an Elasticsearch node …");
    return Demos.onRealEngines(
        home().resolve("target/engines"), data, configuration, Version.text());
  }

  /** The folder of the launcher, which let Maven fetch the servers. */
  private static Path home() {
    return Path.of(System.getProperty("bitacora.home", "."));
  }

  private void checkUsage() {
    if (!engines.isEmpty() && !Set.copyOf(engines).equals(Set.of("kafka", "elasticsearch"))) {
      throw new ParameterException(
          spec.commandLine(),
          "--engines: expected kafka,elasticsearch, found " + String.join(",", engines));
    }
    if (exit && events == null) {
      throw new ParameterException(spec.commandLine(), "--exit: needs --events N");
    }
    if (events != null && events < FEWEST) {
      throw new ParameterException(spec.commandLine(), "--events: expected at least " + FEWEST);
    }
  }
}
