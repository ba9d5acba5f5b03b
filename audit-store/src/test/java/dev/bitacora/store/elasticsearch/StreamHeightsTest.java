package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.store.TestEvents;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamHeightsTest {
  private final StreamHeights heights = new StreamHeights();

  @BeforeEach
  void learn() {
    heights.learn(TestEvents.stream(1), 9);
  }

  @Test
  void isNew_aboveWhatTheStoreHolds_once() {
    assertThat(isNew(9)).isFalse();
    assertThat(isNew(10)).isTrue();
    assertThat(isNew(10)).isFalse();
  }

  @Test
  void isNew_ofAnUnknownStream_isNever() {
    assertThat(heights.isNew(TestEvents.position(2, 0))).isFalse();
  }

  @Test
  void batchesThatOvertakeEachOther_areNew() {
    assertThat(isNew(20)).isTrue();
    assertThat(isNew(21)).isTrue();
    assertThat(isNew(10)).isTrue();
    assertThat(isNew(19)).isTrue();
    assertThat(isNew(20)).isFalse();
    assertThat(isNew(19)).isFalse();
    assertThat(isNew(10)).isFalse();
  }

  @Test
  void farBelowTheHighest_nothingIsNew() {
    assertThat(isNew(10 + StreamHeights.WINDOW)).isTrue();
    assertThat(isNew(10)).isFalse();
    assertThat(isNew(11)).isTrue();
  }

  @Test
  void ofMoreHolesThanAreKept_theLowestCountsAsSeen() {
    for (long number = 20; number < 40; number += 2) {
      assertThat(isNew(number)).isTrue();
    }
    assertThat(isNew(21)).isFalse();
    assertThat(isNew(37)).isTrue();
  }

  @Test
  void learn_neverForgets() {
    assertThat(isNew(30)).isTrue();
    heights.learn(TestEvents.stream(1), 4);
    assertThat(isNew(9)).isFalse();
    heights.learn(TestEvents.stream(1), 29);
    assertThat(isNew(29)).isFalse();
    assertThat(isNew(30)).isFalse();
    assertThat(isNew(31)).isTrue();
  }

  @Test
  void inAnyOrder_noNumberIsNewTwice() {
    Random random = new Random(7);
    BitSet seen = new BitSet();
    for (int i = 0; i < 100_000; i++) {
      int number = 10 + i / 4 + random.nextInt(3000);
      if (isNew(number)) {
        assertThat(seen.get(number)).as("seen before: " + number).isFalse();
      }
      seen.set(number);
    }
  }

  private boolean isNew(long number) {
    return heights.isNew(TestEvents.position(1, number));
  }
}
