package dev.bitacora.cli;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.spool.StoredLane;
import dev.bitacora.core.config.Setting;
import java.io.IOException;
import picocli.CommandLine.Command;

/** Reads every segment, checksums and numbers. */
@Command(
    name = "verify",
    description = {
      "Reads every record in the spools and checks checksums and numbers; changes nothing.",
      "Ends with 1 when numbers are missing: their records were never finished, or are damaged.",
    })
final class SpoolVerifyCommand extends SettingsCommand {
  SpoolVerifyCommand() {
    super(Setting.SPOOL_DIR, Setting.CONFIG);
  }

  @Override
  public Integer call() throws IOException {
    long records = 0;
    long missing = 0;
    for (StoredLane lane : StoredLane.below(AuditConfig.of(configuration()).spoolDir())) {
      StoredLane.Contents all = lane.all();
      records += all.records();
      for (StoredLane.Missing gap : all.missing()) {
        missing += gap.last() - gap.first() + 1;
        out()
            .printf(
                "%s: stream %s, numbers %d to %d hold no record%n",
                gap.segment(), gap.stream(), gap.first(), gap.last());
      }
    }
    out().printf("records=%d missing=%d%n", records, missing);
    return missing == 0 ? ExitCode.GOOD : ExitCode.BAD;
  }
}
