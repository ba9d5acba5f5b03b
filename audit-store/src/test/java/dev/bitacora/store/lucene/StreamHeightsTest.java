package dev.bitacora.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.store.TestEvents;
import org.junit.jupiter.api.Test;

class StreamHeightsTest {
  private final StreamHeights heights = new StreamHeights(2);

  @Test
  void claim_isOnlyForWhatIsAboveAllBefore() {
    heights.learn(TestEvents.stream(1), StreamHeights.NONE);
    assertThat(heights.claim(TestEvents.position(1, 0))).isTrue();
    assertThat(heights.claim(TestEvents.position(1, 0))).isFalse();
    assertThat(heights.claim(TestEvents.position(1, 5))).isTrue();
    assertThat(heights.claim(TestEvents.position(1, 3))).isFalse();
  }

  @Test
  void learn_neverLowersAHeight() {
    heights.learn(TestEvents.stream(1), 9);
    heights.learn(TestEvents.stream(1), 4);
    assertThat(heights.claim(TestEvents.position(1, 9))).isFalse();
  }

  @Test
  void streamsNotHeardOfForLong_areForgotten_andClaimNothing() {
    heights.learn(TestEvents.stream(1), 0);
    heights.learn(TestEvents.stream(2), 0);
    assertThat(heights.claim(TestEvents.position(1, 1))).isTrue();
    heights.learn(TestEvents.stream(3), 0);
    assertThat(heights.isKnown(TestEvents.stream(2))).isFalse();
    assertThat(heights.isKnown(TestEvents.stream(1))).isTrue();
    assertThat(heights.claim(TestEvents.position(2, 7))).isFalse();
  }
}
