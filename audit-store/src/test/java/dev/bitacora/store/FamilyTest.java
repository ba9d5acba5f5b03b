package dev.bitacora.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FamilyTest {
  @Test
  void eachMoment_hasTheIndexOfItsPeriod_whateverWasAskedBefore() {
    Instant month = Instant.parse("2026-11-01T00:00:00Z");
    Instant day = Instant.parse("2026-11-21T00:00:00Z");
    for (int round = 0; round < 2; round++) {
      assertThat(Family.EVENTS.indexAt(month)).isEqualTo("audit-events-2026.11");
      assertThat(Family.EVENTS.indexAt(month.minusNanos(1))).isEqualTo("audit-events-2026.10");
      assertThat(Family.EVENTS.indexAt(Instant.parse("2026-11-30T23:59:59.999Z")))
          .isEqualTo("audit-events-2026.11");
      assertThat(Family.LOGS.indexAt(day)).isEqualTo("audit-logs-2026.11.21");
      assertThat(Family.LOGS.indexAt(day.minusNanos(1))).isEqualTo("audit-logs-2026.11.20");
      assertThat(Family.LOGS.indexAt(day.plusSeconds(86_399))).isEqualTo("audit-logs-2026.11.21");
    }
    assertThat(Family.EVENTS.periodOf("audit-events-2026.11").orElseThrow().contains(month))
        .isTrue();
  }
}
