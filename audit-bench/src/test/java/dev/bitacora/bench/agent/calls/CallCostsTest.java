package dev.bitacora.bench.agent.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallCostsTest {
  @Test
  void whatIsPromisedWithTheBrokerUp_comesWhenAllElseIsCompiled() {
    List<Setting> settings = CallCosts.settings(BrokerState.UP);
    assertThat(settings).hasSize(8).last().isEqualTo(new Setting(BrokerState.UP, 1, true));
  }

  @ParameterizedTest
  @EnumSource(value = BrokerState.class, mode = EnumSource.Mode.EXCLUDE, names = "UP")
  void whatIsPromisedWithTheBrokerAway_comesBeforeTheSpoolFills(BrokerState away) {
    List<Setting> settings = CallCosts.settings(away);
    assertThat(settings).hasSize(8).first().isEqualTo(new Setting(away, 1, true));
    assertThat(settings.subList(0, 4)).allMatch(Setting::isPaced);
  }
}
