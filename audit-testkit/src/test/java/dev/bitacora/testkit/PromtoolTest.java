package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromtoolTest {
  @TempDir Path directory;

  @Test
  void whereNoneIsInstalled_thePackageIsNamed() {
    assertThatThrownBy(() -> Promtool.in(directory.toString()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("install the package prometheus");
  }

  @Test
  void rulesThatAreWrong_areRefusedWithTheReason() throws Exception {
    Files.writeString(
        directory.resolve("rules.yml"),
        "groups: [{name: g, rules: [{alert: A, expr: 'sum(up'}]}]\n");
    Promtool.Answer answer = Promtool.installed().run(directory, "check", "rules", "rules.yml");
    assertThat(answer.exitCode()).isNotZero();
    assertThat(answer.output()).contains("could not parse expression");
  }
}
