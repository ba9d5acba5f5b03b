package dev.bitacora.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The spools of the components on this machine. */
@Command(
    name = "spool",
    description = "Looks into the spools of this machine's components, and empties them.",
    synopsisSubcommandLabel = "COMMAND")
final class SpoolCommand implements Runnable {
  @Spec private CommandSpec spec;

  CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    for (SettingsCommand command :
        List.of(
            new SpoolListCommand(),
            new SpoolShowCommand(),
            new SpoolVerifyCommand(),
            new SpoolDrainCommand())) {
      line.addSubcommand(command.withSettingsAsOptions());
    }
    line.getCommandSpec().mixinStandardHelpOptions(true).version("bitacora " + Version.text());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list, show, verify or drain");
  }
}
