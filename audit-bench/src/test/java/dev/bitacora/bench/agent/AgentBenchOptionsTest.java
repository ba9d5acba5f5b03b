package dev.bitacora.bench.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.bench.agent.AgentBenchOptions.Part;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentBenchOptionsTest {
  @Test
  void withoutArguments_everythingIsMeasuredInFull() {
    assertThat(AgentBenchOptions.parse(List.of()))
        .isEqualTo(new AgentBenchOptions(false, Set.of(Part.values())));
  }

  @Test
  void everyOption_isTaken() {
    assertThat(AgentBenchOptions.parse(List.of("--only", "memory", "--quick")))
        .isEqualTo(new AgentBenchOptions(true, Set.of(Part.MEMORY)));
    assertThat(AgentBenchOptions.USAGE).contains("--quick", "--only", "calls|shipping|memory");
  }

  @Test
  void wrongUsage_isNamed() {
    assertThatThrownBy(() -> AgentBenchOptions.parse(List.of("--fast")))
        .hasMessage("--fast: no such option");
    assertThatThrownBy(() -> AgentBenchOptions.parse(List.of("--only", "heap")))
        .hasMessage("--only: expected calls, shipping or memory, found heap");
    assertThatThrownBy(() -> AgentBenchOptions.parse(List.of("--only")))
        .hasMessage("--only: expected calls, shipping or memory, found nothing");
  }
}
