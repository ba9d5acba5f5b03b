package dev.bitacora.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void aSlip_findsTheName_aStrangerFindsNone() {
    List<String> known = List.of("data-dir", "listen", "base-path");

    assertThat(Nearest.to("data-dri", known)).contains("data-dir");
    assertThat(Nearest.to("LISTN", known)).contains("listen");
    assertThat(Nearest.to("colour", known)).isEmpty();
  }
}
