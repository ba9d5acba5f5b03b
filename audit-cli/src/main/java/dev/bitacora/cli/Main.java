package dev.bitacora.cli;

import dev.bitacora.core.config.InvalidConfigurationException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code bitacora}: the one runnable program. */
@Command(
    name = "bitacora",
    description = "Centralized logging and audit: see what happened, and that nothing is missing.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Every option is also an environment variable, --data-dir is BITACORA_DATA_DIR, and a line",
      "of the file given by --config. Order: option, environment, file, default.",
      "Exit codes: 0 good, 1 the thing checked is bad, 2 could not run, 3 wrong usage."
    })
public final class Main {
  /** Held, or what is set is forgotten. */
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  private Main() {}

  public static void main(String[] arguments) {
    LUCENE.setLevel(Level.SEVERE); // below that it remarks on the JVM's version, at each start
    int code = commandLine().execute(arguments);
    Shutdown.exitCodeIsDecided();
    // Threads of a failed start must not keep the process.
    System.exit(code);
  }

  /** The program without the process around it. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    for (SettingsCommand command :
        List.of(
            new DemoCommand(),
            new StandaloneCommand(),
            new CollectorCommand(),
            new ViewerCommand(),
            new SetupCommand(),
            new SendCommand())) {
      line.addSubcommand(command.withSettingsAsOptions());
    }
    line.addSubcommand(new TokenCommand().commandLine());
    line.addSubcommand(new SpoolCommand().commandLine());
    line.addSubcommand(new DlqCommand().commandLine());
    line.addSubcommand(new HoldCommand().commandLine());
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(Main::explainUsage);
    line.setExecutionExceptionHandler(Main::explainFailure);
    line.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE);
    return line;
  }

  private static int explainUsage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("bitacora: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try 'bitacora " + helpOf(line) + "--help'.");
    return ExitCode.USAGE;
  }

  private static String helpOf(CommandLine line) {
    String qualified = line.getCommandSpec().qualifiedName();
    return qualified.contains(" ") ? qualified.substring(qualified.indexOf(' ') + 1) + " " : "";
  }

  private static int explainFailure(Exception e, CommandLine line, CommandLine.ParseResult result) {
    if (e instanceof InvalidConfigurationException invalid) {
      invalid.problems().forEach(problem -> line.getErr().println("bitacora: " + problem));
      return ExitCode.USAGE;
    }
    line.getErr().println("bitacora: " + Failure.describe(e));
    return ExitCode.COULD_NOT_RUN;
  }
}
