package dev.bitacora.cli.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.testkit.Promtool;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerting rules, as the installed Prometheus understands them. */
class PrometheusRulesTest {
  private static final Path FOLDER = Documentation.ROOT.resolve("elk/prometheus");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern METRIC = Pattern.compile("\\b(bitacora_\\w+|build_info)\\b");
  private static final Pattern EXPRESSION = Pattern.compile("(?m)^ *expr: (.*)$");

  private final String rules = Documentation.read("elk/prometheus/bitacora.rules.yml");
  private final String tests = Documentation.read("elk/prometheus/bitacora.rules.test.yml");

  @Test
  void rules_areRight() {
    assertPasses("check", "rules", "bitacora.rules.yml");
  }

  @Test
  void alerts_fireWhenTheyShould_andOtherwiseDoNot() {
    assertPasses("test", "rules", "bitacora.rules.test.yml");
  }

  private static void assertPasses(String... arguments) {
    Promtool.Answer answer = Promtool.installed().run(FOLDER, arguments);
    assertThat(answer.exitCode()).as(answer.output()).isZero();
  }

  @Test
  void everyAlert_isTestedFiringAndNotFiring() {
    for (String alert : alerts()) {
      assertThat(tests).contains("alertname: " + alert + ", exp_alerts: []}");
      assertThat(tests)
          .containsPattern("alertname: " + alert + "\\n *exp_alerts:\\n *- exp_labels:");
    }
  }

  @Test
  void everyAlert_hasARunbook() {
    assertThat(Documentation.runbooks()).containsAll(alerts());
  }

  @Test
  void everyMetricInAnExpression_isOneThatACollectorExports() {
    Set<String> exported =
        Documentation.metrics().stream()
            .flatMap(
                metric ->
                    metric.type().equals("histogram")
                        ? Set.of("_bucket", "_sum", "_count").stream().map(metric.name()::concat)
                        : Set.of(metric.name()).stream())
            .collect(Collectors.toSet());
    Set<String> used = new TreeSet<>();
    Documentation.all(EXPRESSION, rules)
        .forEach(expression -> used.addAll(Documentation.all(METRIC, expression)));
    assertThat(used).hasSizeGreaterThan(8);
    assertThat(exported).containsAll(used);
  }

  private Set<String> alerts() {
    Set<String> alerts = Documentation.all(ALERT, rules);
    assertThat(alerts).hasSizeGreaterThan(10);
    return alerts;
  }
}
