package dev.bitacora.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

final class WebhookAddressTest {
  private static WebhookAddress one(String text) {
    return WebhookAddress.parse(text).get(0);
  }

  @Test
  void addressWithoutAPath_meansAlertmanagers() {
    assertThat(one("http://alerts:9093").uri())
        .isEqualTo(URI.create("http://alerts:9093/api/v2/alerts"));
    assertThat(one("http://alerts:9093/").uri())
        .isEqualTo(URI.create("http://alerts:9093/api/v2/alerts"));
    assertThat(one("https://[::1]:9093").uri())
        .isEqualTo(URI.create("https://[::1]:9093/api/v2/alerts"));
  }

  @Test
  void addressWithAPath_isTakenAsItIs() {
    assertThat(one("https://alerts/am/api/v2/alerts?tenant=a%20b").uri())
        .isEqualTo(URI.create("https://alerts/am/api/v2/alerts?tenant=a%20b"));
  }

  @Test
  void userAndPassword_areBasicAuthorization() {
    WebhookAddress address = one("https://ana:s%40cret+1@alerts/x");
    assertThat(address.uri()).isEqualTo(URI.create("https://alerts/x"));
    assertThat(address.authorization()).contains("Basic YW5hOnNAY3JldCsx"); // ana:s@cret+1
  }

  @Test
  void aloneBeforeTheAt_isABearerToken() {
    assertThat(one("https://t0k%2Fen@alerts/x").authorization()).contains("Bearer t0k/en");
    assertThat(one("https://alerts/x").authorization()).isEmpty();
  }

  @Test
  void several_areSeparatedByCommas() {
    assertThat(WebhookAddress.parse("http://a:1, https://b"))
        .extracting(WebhookAddress::name)
        .containsExactly("a:1", "b");
  }

  @Test
  void whatIsNone_isNamedByItsPlaceAndNotShown() {
    for (String bad :
        new String[] {"", "ftp://x:secret@h", "https://", "https://u:secret^@h", "x"}) {
      assertThatThrownBy(() -> WebhookAddress.parse("http://good," + bad + ",http://good"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("address 2 of 3: expected https://host")
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
  }

  @Test
  void secrets_areNotInItsText() {
    assertThat(one("https://ana:hidden@alerts/services/hidden?key=hidden").toString())
        .doesNotContain("hidden");
  }
}
