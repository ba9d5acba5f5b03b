package dev.bitacora.cli;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.agent.spool.StoredLane;
import dev.bitacora.core.config.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The waiting records themselves. */
@Command(
    name = "show",
    description = {
      "Prints the records that wait to be delivered, one JSON object a line:",
      "{\"id\": the event's id, \"event\": its exact bytes}. Changes nothing.",
    })
final class SpoolShowCommand extends SettingsCommand {
  @Option(
      names = "--component",
      paramLabel = "NAME",
      description = "Only those of this component (all)")
  private String component;

  @Option(names = "--lane", paramLabel = "LANE", description = "Only audit, or only log (both)")
  private String lane;

  SpoolShowCommand() {
    super(Setting.SPOOL_DIR, Setting.CONFIG);
  }

  @Override
  public Integer call() throws IOException {
    for (StoredLane stored : StoredLane.below(AuditConfig.of(configuration()).spoolDir())) {
      boolean isWanted =
          (component == null || stored.component().startsWith(component + "@"))
              && (lane == null || stored.name().equals(lane));
      if (isWanted) {
        var unused = stored.undelivered(this::print);
      }
    }
    return ExitCode.GOOD;
  }

  private void print(SpooledRecord record) {
    out()
        .println(
            "{\"id\":\""
                + record.position().eventId()
                + "\",\"event\":"
                + new String(record.value(), StandardCharsets.UTF_8)
                + "}");
  }
}
