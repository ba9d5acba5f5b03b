package dev.bitacora.bench.chaos.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundPlanTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void fiftyRounds_bringEachFaultSeveralTimes(long seed) {
    Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    for (RoundPlan plan : RoundPlan.of(50, seed)) {
      plan.happenings().forEach(happening -> counts.merge(happening.fault(), 1, Integer::sum));
    }
    assertThat(counts).containsOnlyKeys(Fault.values());
    assertThat(counts.values()).allMatch(count -> count >= 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void faultsOfOneRound_goTogether(long seed) {
    for (RoundPlan plan : RoundPlan.of(50, seed)) {
      List<Fault> hand = plan.happenings().stream().map(RoundPlan.Happening::fault).toList();
      assertThat(hand).hasSizeBetween(2, 4);
      for (int i = 0; i < hand.size(); i++) {
        assertThat(hand.get(i).goesWith(hand.subList(0, i))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 77})
  void theSameSeed_plansTheSame(long seed) {
    assertThat(RoundPlan.of(20, seed)).isEqualTo(RoundPlan.of(20, seed));
    assertThat(RoundPlan.of(20, seed)).isNotEqualTo(RoundPlan.of(20, seed + 1));
  }
}
