package dev.bitacora.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;

class AddressTextTest {
  @Test
  void addresses_areWrittenAsRfc5952Says() {
    Map<String, String> expected =
        Map.of(
            "10.0.0.1", "10.0.0.1",
            "::ffff:10.0.0.1", "10.0.0.1",
            "::", "::",
            "0:0:0:0:0:0:0:1", "::1",
            "2001:0DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a",
            "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1:0:0:0:1", "2001:0:0:1::1",
            "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
            "1::", "1::");
    expected.forEach(
        (written, canonical) ->
            assertThat(AddressText.of(new BytesRef(Terms.address(written))))
                .as(written)
                .isEqualTo(canonical));
  }
}
