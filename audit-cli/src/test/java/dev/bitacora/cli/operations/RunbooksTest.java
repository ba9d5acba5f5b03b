package dev.bitacora.cli.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alarm finds under its name what to do. */
class RunbooksTest {
  private static final Pattern ALARM = Pattern.compile("\"(Bitacora[A-Z][A-Za-z]+)\"");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

  @Test
  void everyAlarmOfTheSources_hasARunbook_andEveryRunbookAnAlarm() throws IOException {
    Set<String> alarms =
        Documentation.all(ALERT, Documentation.read("elk/prometheus/bitacora.rules.yml"));
    alarms.addAll(builtIn());
    assertThat(Documentation.runbooks())
        .as("docs/operations.md has a heading \"### NAME\" for each alarm, with what to do")
        .containsExactlyInAnyOrderElementsOf(alarms);
  }

  private static Set<String> builtIn() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files =
        Files.walk(Documentation.ROOT.resolve("audit-collector/src/main/java"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        names.addAll(Documentation.all(ALARM, Files.readString(file)));
      }
    }
    return names;
  }
}
