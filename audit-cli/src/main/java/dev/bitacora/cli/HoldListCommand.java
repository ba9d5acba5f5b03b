package dev.bitacora.cli;

import dev.bitacora.cli.service.States;
import dev.bitacora.collector.retention.Hold;
import dev.bitacora.collector.retention.Holds;
import dev.bitacora.viewer.page.Visible;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;

/** The holds in force. */
@Command(
    name = "list",
    description = {
      "Lists the holds in force, oldest first, and what has expired and is kept because of each.",
      "Those that were released are in the audit trail: action:bitacora.hold.*",
    })
final class HoldListCommand extends StateCommand {
  @Override
  public Integer call() {
    try (States.Open state = States.open(configuration())) {
      Holds holds = new Holds(state.store(), Clock.systemUTC());
      holds.inForce().forEach(hold -> print(hold, holds.keptBy(hold.id())));
    }
    return ExitCode.GOOD;
  }

  private void print(Hold hold, List<String> keeps) {
    out().println(Visible.plain(hold.id()) + "  since " + hold.since());
    out().println("  by      " + Visible.plain(hold.by()));
    out().println("  reason  " + Visible.plain(hold.reason()));
    out().println("  query   " + Visible.plain(hold.query()));
    out()
        .println(
            "  keeps   "
                + (keeps.isEmpty() ? "nothing that has expired" : String.join(", ", keeps)));
  }
}
