package dev.bitacora.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Credentials of components and programs. */
@Command(
    name = "token",
    description = "Makes credentials for components and for programs that read.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand implements Runnable {
  @Spec CommandSpec spec;

  CommandLine commandLine() {
    return new CommandLine(this).addSubcommand(new TokenCreateCommand().withSettingsAsOptions());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command: create");
  }
}
