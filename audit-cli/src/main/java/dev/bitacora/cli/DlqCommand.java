package dev.bitacora.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The dead letters of a service. */
@Command(
    name = "dlq",
    description = {
      "Shows the dead letters, which are records that could not be stored, and tries them again.",
      "With --kafka-bootstrap-servers those of the distributed service, else of --data-dir.",
    },
    synopsisSubcommandLabel = "COMMAND")
final class DlqCommand implements Runnable {
  @Spec private CommandSpec spec;

  CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    for (SettingsCommand command :
        List.of(new DlqListCommand(), new DlqShowCommand(), new DlqReplayCommand())) {
      line.addSubcommand(command.withSettingsAsOptions());
    }
    line.getCommandSpec().mixinStandardHelpOptions(true).version("bitacora " + Version.text());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list, show or replay");
  }
}
