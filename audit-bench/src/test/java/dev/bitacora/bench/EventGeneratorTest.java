package dev.bitacora.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
  private static final Instant START = Instant.parse("2026-11-15T00:00:00Z");

  @Test
  void events_areRealisticallyLarge_plausibleAndNumberedWithoutHoles() {
    List<NewEvent> events = new EventGenerator(1, START).next(200);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).position().sequence()).isEqualTo(i);
      assertThat(events.get(i).event().size()).isBetween(600, 1000);
      assertThat(events.get(i).placement(Retention.DEFAULT).index())
          .isEqualTo("audit-events-2026.11");
    }
  }

  @Test
  void sameSeed_makesTheSameEvents() {
    assertThat(new EventGenerator(7, START).next(50))
        .extracting(NewEvent::documentId)
        .isEqualTo(
            new EventGenerator(7, START).next(50).stream().map(NewEvent::documentId).toList())
        .doesNotContainAnyElementsOf(
            new EventGenerator(8, START).next(50).stream().map(NewEvent::documentId).toList());
  }
}
