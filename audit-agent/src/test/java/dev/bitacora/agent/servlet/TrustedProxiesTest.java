package dev.bitacora.agent.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrustedProxiesTest {
  private final TrustedProxies proxies =
      TrustedProxies.of(List.of("10.0.0.0/8", "192.168.1.7", "2001:db8::/33"));

  @Test
  void clientAddress_ofAnUntrustedPeer_isThePeer() {
    assertThat(proxies.clientAddress("203.0.113.9", List.of("1.2.3.4"))).isEqualTo("203.0.113.9");
    assertThat(proxies.clientAddress("192.168.1.8", List.of("1.2.3.4"))).isEqualTo("192.168.1.8");
    assertThat(proxies.clientAddress("2001:db8:8000::1", List.of("1.2.3.4")))
        .isEqualTo("2001:db8:8000::1");
  }

  @Test
  void clientAddress_behindTrustedPeers_isTheLastUntrusted() {
    assertThat(proxies.clientAddress("10.1.1.1", List.of("6.6.6.6", "1.2.3.4", "192.168.1.7")))
        .isEqualTo("1.2.3.4");
    assertThat(proxies.clientAddress("2001:db8::1", List.of("[2001:db8:ffff::1]:4711")))
        .isEqualTo("2001:db8:ffff::1");
    assertThat(proxies.clientAddress("10.1.1.1", List.of("1.2.3.4:4711"))).isEqualTo("1.2.3.4");
  }

  @Test
  void clientAddress_whenTheHeaderIsNonsense_stopsBeforeIt() {
    assertThat(proxies.clientAddress("10.1.1.1", List.of("unknown"))).isEqualTo("10.1.1.1");
    assertThat(proxies.clientAddress("10.1.1.1", List.of("[::1"))).isEqualTo("10.1.1.1");
    assertThat(proxies.clientAddress("10.1.1.1", List.of())).isEqualTo("10.1.1.1");
  }

  @Test
  void of_refusesWhatIsNoNetwork() {
    for (String wrong : List.of("10.0.0.0/33", "host", "10.0.0.0/x", "/8")) {
      assertThatThrownBy(() -> TrustedProxies.of(List.of(wrong)))
          .as(wrong)
          .hasMessageContaining("expected a network");
    }
  }
}
