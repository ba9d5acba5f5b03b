package dev.bitacora.cli;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.SpoolDrain;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Delivers what components have left that do not run any more. */
@Command(
    name = "drain",
    description = {
      "Delivers what waits in the spools that no process uses, and empties them.",
      "Ends with 1 when something is left: the destination did not take it in time.",
    })
final class SpoolDrainCommand extends SettingsCommand {
  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Time for each lane (60)")
  private int seconds;

  SpoolDrainCommand() {
    super(
        Setting.SPOOL_DIR,
        Setting.URL,
        Setting.TOKEN,
        Setting.CA_FILE,
        Setting.KAFKA_BOOTSTRAP_SERVERS,
        Setting.CONFIG);
  }

  @Override
  public Integer call() throws IOException {
    AuditConfig config =
        AuditConfig.of(configuration()).toBuilder().component("spool").environment("drain").build();
    List<String> problems = config.problems();
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    SpoolDrain.Result result =
        new SpoolDrain(config, line -> err().println("bitacora: " + line))
            .run(Duration.ofSeconds(seconds));
    out().printf("slots=%d emptied=%d%n", result.slots(), result.emptied());
    return result.slots() == result.emptied() ? ExitCode.GOOD : ExitCode.BAD;
  }
}
