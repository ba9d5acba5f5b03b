package dev.bitacora.collector.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that are missing, against a plain set of those that are not. */
final class HolesTest {
  private final Holes holes = new Holes();

  private List<String> ranges() {
    return holes.all().stream().map(hole -> hole.range().toString()).toList();
  }

  @Test
  void numbersInOrder_leaveNoHole() {
    for (int i = 0; i < 1000; i++) {
      holes.add(i, 0);
    }
    assertThat(holes.isEmpty()).isTrue();
    assertThat(holes.next()).isEqualTo(1000);
  }

  @Test
  void aFirstNumberAboveZero_leavesAHoleAtTheBeginning() {
    holes.add(7, 0);
    assertThat(ranges()).containsExactly("0-6");
  }

  @Test
  void aJump_leavesAHoleThatLateNumbersSplitAndFill() {
    holes.add(new SequenceRange(0, 4), 0);
    holes.add(10, 5);
    assertThat(ranges()).containsExactly("5-9");
    holes.add(7, 9);
    assertThat(ranges()).containsExactly("5-6", "8-9");
    holes.add(7, 9);
    assertThat(ranges()).containsExactly("5-6", "8-9");
    holes.add(new SequenceRange(5, 8), 9);
    assertThat(ranges()).containsExactly("9");
    assertThat(holes.all().get(0).since()).as("the part is as old as the whole").isEqualTo(5);
    holes.add(9, 9);
    assertThat(holes.isEmpty()).isTrue();
    assertThat(holes.next()).isEqualTo(11);
  }

  @Test
  void anExpectedEnd_leavesAHoleUpToIt() {
    holes.add(0, 0);
    holes.expectThrough(0, 0);
    assertThat(holes.isEmpty()).isTrue();
    holes.expectThrough(3, 0);
    assertThat(ranges()).containsExactly("1-3");
    holes.add(2, 0);
    assertThat(ranges()).containsExactly("1", "3");
  }

  @Test
  void confirm_keepsOnlyWhatIsMissingThereToo_andLeavesOtherHolesAlone() {
    holes.add(10, 1);
    holes.add(20, 2);
    holes.add(3, 3);
    holes.confirm(
        new SequenceRange(0, 9), List.of(new SequenceRange(2, 4), new SequenceRange(8, 9)));
    assertThat(holes.all())
        .containsExactly(
            new Hole(new SequenceRange(2, 2), 1, true),
            new Hole(new SequenceRange(4, 4), 1, true),
            new Hole(new SequenceRange(8, 9), 1, true),
            new Hole(11, 19, 2));
    holes.confirm(new SequenceRange(0, 9), List.of());
    assertThat(ranges()).containsExactly("11-19");
  }

  @Test
  void forgetBefore_forgetsWhatIsOlder() {
    holes.add(1, 100);
    holes.add(3, 200);
    assertThat(holes.forgetBefore(200)).containsExactly(new Hole(0, 0, 100));
    assertThat(ranges()).containsExactly("2");
  }

  @Test
  void moreHolesThanAreToldApart_becomeFewerThatClaimMore() {
    for (int i = 1; i <= 10 * Holes.MOST; i += 2) {
      holes.add(i, i);
    }
    assertThat(holes.all()).hasSize(Holes.MOST);
    for (int missing = 0; missing < 10 * Holes.MOST; missing += 2) {
      SequenceRange number = new SequenceRange(missing, missing);
      assertThat(holes.ranges()).anyMatch(range -> range.and(number).isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyOrder_missesWhatAPlainSetMisses(long seed) {
    for (int round = 0; round < 200; round++) {
      compareWithPlainSet(new Random(seed * 1000 + round));
    }
  }

  private static void compareWithPlainSet(Random random) {
    Holes holes = new Holes();
    TreeSet<Long> seen = new TreeSet<>();
    int limit = 1 + random.nextInt(120);
    for (int step = 0; step < 60; step++) {
      long first = random.nextInt(limit);
      long last = random.nextBoolean() ? first : first + random.nextInt(5);
      if (random.nextInt(20) == 0) {
        holes.expectThrough(last, step);
        assertThat(holes.next()).isGreaterThan(last);
        limit = Math.max(limit, (int) holes.next());
      } else if (first == last) {
        holes.add(first, step);
        seen.add(first);
      } else {
        holes.add(new SequenceRange(first, last), step);
        for (long i = first; i <= last; i++) {
          seen.add(i);
        }
      }
      assertThat(numbers(holes)).isEqualTo(missing(seen, holes.next()));
      assertThat(seen.isEmpty() ? -1 : seen.last()).isLessThan(holes.next());
    }
  }

  private static List<Long> numbers(Holes holes) {
    List<Long> numbers = new ArrayList<>();
    for (SequenceRange range : holes.ranges()) {
      for (long i = range.first(); i <= range.last(); i++) {
        numbers.add(i);
      }
    }
    return numbers;
  }

  private static List<Long> missing(Set<Long> seen, long next) {
    List<Long> missing = new ArrayList<>();
    for (long i = 0; i < next; i++) {
      if (!seen.contains(i)) {
        missing.add(i);
      }
    }
    return missing;
  }
}
