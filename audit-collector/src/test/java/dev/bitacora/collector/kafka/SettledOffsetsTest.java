package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SettledOffsetsTest {
  private final SettledOffsets settled = new SettledOffsets();

  @Test
  void offsetsInOrder_moveTheMarkAndLeaveNoRange() {
    for (int offset = 0; offset < 1000; offset++) {
      settled.add(offset);
      assertThat(settled.mark()).isEqualTo(offset + 1);
    }
    assertThat(settled.ranges()).isZero();
  }

  @Test
  void offsetsBehindAHole_areOneRangeAndDoNotMoveTheMark() {
    settled.add(0);
    for (int offset = 2; offset < 1000; offset++) {
      settled.add(offset);
    }
    assertThat(settled.mark()).isEqualTo(1);
    assertThat(settled.ranges()).isEqualTo(1);
    assertThat(settled.contains(1)).isFalse();
    assertThat(settled.contains(999)).isTrue();
    assertThat(settled.contains(1000)).isFalse();
  }

  @Test
  void theHolesOwnOffset_joinsWhatIsOnBothSides() {
    settled.add(0, 10);
    settled.add(11, 20);
    settled.add(10);
    assertThat(settled.mark()).isEqualTo(20);
    assertThat(settled.ranges()).isZero();
  }

  @Test
  void anEmptyRange_changesNothing() {
    settled.add(7, 7);
    settled.add(9, 8);
    assertThat(settled.mark()).isZero();
    assertThat(settled.ranges()).isZero();
  }

  @Test
  void anyOrderOfAnyRanges_isWhatASetOfOffsetsSays() {
    for (int seed = 0; seed < 300; seed++) {
      checkAgainstASet(new Random(seed), "seed " + seed);
    }
  }

  private static void checkAgainstASet(Random random, String seed) {
    SettledOffsets settled = new SettledOffsets();
    BitSet expected = new BitSet();
    int offsets = 1 + random.nextInt(300);
    for (int step = 0; step < 200; step++) {
      int from = random.nextInt(offsets);
      int to = random.nextInt(4) == 0 ? from + random.nextInt(20) : from + 1;
      settled.add(from, to);
      expected.set(from, to);
      assertThat(settled.mark()).as(seed).isEqualTo(expected.nextClearBit(0));
      assertThat(settled.ranges()).as(seed).isEqualTo(ranges(expected));
    }
    for (int offset = 0; offset < offsets + 21; offset++) {
      assertThat(settled.contains(offset)).as(seed).isEqualTo(expected.get(offset));
    }
  }

  private static int ranges(BitSet set) {
    int ranges = 0;
    for (int from = set.nextSetBit(set.nextClearBit(0));
        from >= 0;
        from = set.nextSetBit(set.nextClearBit(from))) {
      ranges++;
    }
    return ranges;
  }
}
