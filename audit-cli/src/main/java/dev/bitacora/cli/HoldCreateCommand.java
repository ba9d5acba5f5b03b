package dev.bitacora.cli;

import dev.bitacora.cli.service.States;
import dev.bitacora.collector.retention.Hold;
import dev.bitacora.collector.retention.Holds;
import dev.bitacora.core.query.QuerySyntaxException;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Places a hold and prints its id. */
@Command(
    name = "create",
    description = {
      "Keeps what matches a query, whatever its age, and prints the hold's id.",
      "A period that holds a match is kept whole, so choose the query narrow:",
      "'actor:u42 and @timestamp >= 2026-01-01'. It counts at once, also while the service runs;",
      "what has been deleted already stays deleted. The service records it as an audit event.",
    })
final class HoldCreateCommand extends StateCommand {
  @Option(
      names = "--query",
      required = true,
      paramLabel = "QUERY",
      description = "What is kept, in the viewer's language; event.dataset:* is everything")
  private String query;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why: the case's name, for whoever finds the hold in years")
  private String reason;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who places it (the user of this machine)")
  private String by = System.getProperty("user.name", "unknown");

  @Override
  public Integer call() {
    try (States.Open state = States.open(configuration())) {
      Holds holds = new Holds(state.store(), Clock.systemUTC());
      out().println(place(holds).id());
      warn(holds.deletionsUnderWay());
    }
    return ExitCode.GOOD;
  }

  private Hold place(Holds holds) {
    try {
      return holds.place(query, reason, by);
    } catch (QuerySyntaxException e) {
      throw new ParameterException(
          spec.commandLine(), "--query: column " + e.column() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void warn(List<String> underWay) {
    if (!underWay.isEmpty()) {
      err()
          .println(
              "bitacora: the hold is placed, but it may be too late for "
                  + String.join(", ", underWay)
                  + ": its deletion had begun. The audit event bitacora.retention.delete will say"
                  + " whether it is gone");
    }
  }
}
