package dev.bitacora.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RoundPlanTest {
  @Test
  void sameSeed_decidesTheSame() {
    assertThat(RoundPlan.of(50, 7)).isEqualTo(RoundPlan.of(50, 7));
    assertThat(RoundPlan.of(50, 7)).isNotEqualTo(RoundPlan.of(50, 8));
  }

  @Test
  void twoHundredRounds_holdEveryKindOfFaultAndOfDeath() {
    List<RoundPlan> plans = RoundPlan.of(200, 1);
    Set<BrokerFault> faults = plans.stream().map(RoundPlan::fault).collect(Collectors.toSet());
    Set<RoundPlan.Death> deaths = plans.stream().map(RoundPlan::death).collect(Collectors.toSet());
    assertThat(faults).isEqualTo(EnumSet.allOf(BrokerFault.class));
    assertThat(deaths).isEqualTo(EnumSet.allOf(RoundPlan.Death.class));
    assertThat(plans).anyMatch(plan -> plan.heldClaims() > 0);
  }
}
