package dev.bitacora.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Legal holds. */
@Command(
    name = "hold",
    description = "Keeps events beyond their retention: legal holds.",
    synopsisSubcommandLabel = "COMMAND")
final class HoldCommand implements Runnable {
  @Spec private CommandSpec spec;

  CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    for (SettingsCommand command :
        List.of(new HoldCreateCommand(), new HoldListCommand(), new HoldReleaseCommand())) {
      line.addSubcommand(command.withSettingsAsOptions());
    }
    line.getCommandSpec().mixinStandardHelpOptions(true).version("bitacora " + Version.text());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: create, list or release");
  }
}
