package dev.bitacora.cli;

import dev.bitacora.cli.service.States;
import dev.bitacora.collector.retention.Hold;
import dev.bitacora.collector.retention.Holds;
import dev.bitacora.viewer.page.Visible;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a hold. */
@Command(
    name = "release",
    description = {
      "Ends a hold: what has expired and no other hold keeps is deleted within the hour.",
      "The service records it as an audit event.",
    })
final class HoldReleaseCommand extends StateCommand {
  @Parameters(paramLabel = "ID", description = "The hold, as create and list print it")
  private String id;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is over")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who releases it (the user of this machine)")
  private String by = System.getProperty("user.name", "unknown");

  @Override
  public Integer call() {
    try (States.Open state = States.open(configuration())) {
      Optional<Hold> released = new Holds(state.store(), Clock.systemUTC()).release(id, reason, by);
      if (released.isEmpty()) {
        err()
            .println(
                "bitacora: no hold " + Visible.plain(id) + " is in force; see: bitacora hold list");
        return ExitCode.COULD_NOT_RUN;
      }
      out().println("released " + id + ", in force since " + released.get().since());
      return ExitCode.GOOD;
    }
  }
}
