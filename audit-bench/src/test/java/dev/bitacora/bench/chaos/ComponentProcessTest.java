package dev.bitacora.bench.chaos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A component that has died is told from one that does not answer. */
class ComponentProcessTest {
  @TempDir private Path work;

  @Test
  void orderToAComponentThatHasDied_saysThatAndItsLastWords() throws Exception {
    ComponentProcess component =
        ComponentProcess.start(
            work,
            work.resolve("spool"),
            "127.0.0.1:1",
            Optional.empty(),
            "died",
            List.of("no number"));

    assertThatThrownBy(
            () -> {
              while (true) {
                component.order("storm");
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended by itself with exit code 70")
        .hasMessageContaining("NumberFormatException");
  }
}
