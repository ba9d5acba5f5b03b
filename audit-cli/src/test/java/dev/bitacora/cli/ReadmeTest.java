package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds README.md to the code. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("bitacora.root"));

  @Test
  void everySetting_standsInTheReference_asTheCodeHasIt() throws IOException {
    String expected =
        "| setting | default | what it is |\n|---|---|---|\n"
            + Stream.of(Setting.values()).map(ReadmeTest::row).collect(Collectors.joining("\n"))
            + "\n";

    assertThat(
            between(
                readme(), "<!-- settings: held to the code by a test -->\n", "<!-- /settings -->"))
        .as("README's configuration reference; put this there:\n%s", expected)
        .isEqualTo(expected);
  }

  private static String row(Setting setting) {
    return "| `"
        + setting.key()
        + "` | "
        + setting.defaultValue().filter(d -> !d.isEmpty()).map(d -> "`" + d + "`").orElse("")
        + " | "
        + setting.description()
        + " |";
  }

  @Test
  void theFiveLines_areTheOnesThatTheAgentsTestsCompileAndRun() throws IOException {
    String example = between(readme(), "```java\n", "```");
    String compiled =
        Files.readString(
            ROOT.resolve("audit-agent/src/test/java/dev/bitacora/agent/ReadmeExample.java"));

    assertThat(withoutSpace(compiled)).contains(withoutSpace(example));
  }

  private static String withoutSpace(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void everyLink_leadsSomewhere() throws IOException {
    Matcher link = Pattern.compile("\\]\\(([^)]+)\\)").matcher(readme());
    while (link.find()) {
      if (!link.group(1).startsWith("http")) {
        assertThat(ROOT.resolve(link.group(1))).exists();
      }
    }
  }

  @Test
  void everyCommand_thatReadmeNames_exists() throws IOException {
    Matcher command = Pattern.compile("\\./bitacora ([a-z]+)").matcher(readme());
    while (command.find()) {
      assertThat(Main.commandLine().getSubcommands()).containsKey(command.group(1));
    }
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
