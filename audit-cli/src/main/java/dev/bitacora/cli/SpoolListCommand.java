package dev.bitacora.cli;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.spool.StoredLane;
import dev.bitacora.core.config.Setting;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** One line for each lane of each slot. */
@Command(
    name = "list",
    description = {
      "Lists the spools: what waits to be delivered, since when, and who uses them.",
      "Changes nothing; the components may run meanwhile.",
    })
final class SpoolListCommand extends SettingsCommand {
  SpoolListCommand() {
    super(Setting.SPOOL_DIR, Setting.CONFIG);
  }

  @Override
  public Integer call() throws IOException {
    List<StoredLane> lanes = StoredLane.below(AuditConfig.of(configuration()).spoolDir());
    out()
        .printf(
            "%-32s %-8s %-6s %10s %12s %10s %8s  %s%n",
            "component", "slot", "lane", "records", "bytes", "oldest", "refused", "process");
    for (StoredLane lane : lanes) {
      StoredLane.Contents waiting = lane.undelivered(record -> {});
      out()
          .printf(
              Locale.ROOT,
              "%-32s %-8s %-6s %,10d %,12d %10s %8d  %s%n",
              lane.component(),
              lane.slot(),
              lane.name(),
              waiting.records(),
              waiting.bytes(),
              waiting.oldest().map(SpoolListCommand::age).orElse("-"),
              waiting.refused(),
              lane.process().map(String::valueOf).orElse("none"));
    }
    return ExitCode.GOOD;
  }

  private static String age(Instant since) {
    Duration age = Duration.between(since, Instant.now());
    if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }
}
