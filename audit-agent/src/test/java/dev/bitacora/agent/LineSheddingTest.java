package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LineSheddingTest {
  private static List<String> kept(double fill) {
    return Stream.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "AUDIT")
        .filter(level -> !LineShedding.sheds(level, fill))
        .toList();
  }

  @Test
  void theLeastImportantLinesGoFirst() {
    assertThat(kept(0.49)).contains("TRACE", "DEBUG", "INFO", "WARN", "ERROR");
    assertThat(kept(0.5)).containsExactly("INFO", "WARN", "ERROR", "AUDIT");
    assertThat(kept(0.75)).containsExactly("WARN", "ERROR", "AUDIT");
    assertThat(kept(1)).containsExactly("ERROR", "AUDIT");
  }

  @Test
  void levels_areReadInAnyCase() {
    assertThat(LineShedding.sheds("info", 0.8)).isTrue();
  }
}
