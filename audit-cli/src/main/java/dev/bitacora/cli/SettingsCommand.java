package dev.bitacora.cli;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.ConfigurationReader;
import dev.bitacora.core.config.Setting;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * A command that is configured: its settings become its options, so that help and table never
 * differ.
 */
abstract class SettingsCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  private final List<Setting> settings;

  SettingsCommand(Setting... settings) {
    this.settings = List.of(settings);
  }

  /** This command as picocli sees it, with an option for each of its settings. */
  CommandLine withSettingsAsOptions() {
    CommandLine line = new CommandLine(this);
    for (Setting setting : settings) {
      line.getCommandSpec().addOption(optionOf(setting));
    }
    line.getCommandSpec().mixinStandardHelpOptions(true).version("bitacora " + Version.text());
    line.getCommandSpec().usageMessage().sortOptions(false);
    return line;
  }

  private static OptionSpec optionOf(Setting setting) {
    String byDefault =
        setting.defaultValue().filter(d -> !d.isEmpty()).map(d -> " (" + d + ")").orElse("");
    OptionSpec.Builder option =
        OptionSpec.builder("--" + setting.key())
            .description(setting.description() + byDefault)
            .paramLabel(setting.kind().name());
    return option.type(String.class).arity("1").build();
  }

  /** The configuration in force for this call. */
  final Configuration configuration() {
    ConfigurationReader reader = Configuration.reader(environment());
    for (Setting setting : settings) {
      String value =
          spec.commandLine().getParseResult().matchedOptionValue("--" + setting.key(), null);
      if (value != null) {
        reader.option(setting, value);
      }
    }
    return reader.read();
  }

  java.util.Map<String, String> environment() {
    return System.getenv();
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
