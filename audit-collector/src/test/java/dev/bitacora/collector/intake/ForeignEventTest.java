package dev.bitacora.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.index.PoisonException;
import dev.bitacora.core.event.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ForeignEventTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Sender BILLING = new Sender("billing", Optional.of("prd"));

  @Test
  void read_ofActionAndMessage_fillsInTheEnvelope() throws Exception {
    AuditEvent event = read("{\"event\":{\"action\":\"invoice.pay\"},\"message\":\"paid\"}");
    assertThat(event.timestamp()).isEqualTo(NOW);
    assertThat(event.text("service.name")).contains("billing");
    assertThat(event.text("service.environment")).contains("prd");
    assertThat(event.text("user.id")).contains("anonymous");
    assertThat(event.text("event.dataset")).contains("audit");
    assertThat(event.text("event.outcome")).contains("unknown");
    assertThat(event.text("audit.class")).contains("standard");
    assertThat(event.text("message")).contains("paid");
  }

  @Test
  void read_ofATokenWithoutEnvironment_saysUnknown() throws Exception {
    AuditEvent event =
        ForeignEvent.read(
            bytes("{\"event\":{\"action\":\"a.b\"},\"message\":\"m\"}"),
            new Sender("billing", Optional.empty()),
            NOW);
    assertThat(event.text("service.environment")).contains("unknown");
  }

  @Test
  void read_ofDottedKeys_nestsThem() throws Exception {
    AuditEvent event =
        read(
            "{\"event.action\":\"invoice.pay\",\"event\":{\"outcome\":\"failure\"},"
                + "\"message\":\"m\",\"labels.region\":\"eu\",\"user.id\":\"ana\"}");
    assertThat(event.text("event.action")).contains("invoice.pay");
    assertThat(event.text("event.outcome")).contains("failure");
    assertThat(event.text("labels.region")).contains("eu");
    assertThat(event.text("user.id")).contains("ana");
  }

  @Test
  void read_ofADottedKeyAndAnObjectThatDisagree_isRefused() {
    assertPoison(
        "{\"event.action\":\"a\",\"event\":{\"action\":\"b\"},\"message\":\"m\"}",
        "invalid-event: a dotted key and a nested object give the same field twice");
    assertPoison(
        "{\"event\":\"x\",\"event.action\":\"b\",\"message\":\"m\"}",
        "invalid-event: a dotted key goes through a field that is no object");
  }

  @Test
  void read_ofAnEventThatLacksNothing_keepsItsBytes() throws Exception {
    byte[] whole = read("{\"event\":{\"action\":\"a.b\"},\"message\":\"m\"}").bytes();
    String spaced = new String(whole, StandardCharsets.UTF_8).replace("\":", "\" :  ");
    assertThat(read(spaced).bytes()).isEqualTo(bytes(spaced));
  }

  @Test
  void read_ofWhatIsNoEvent_saysWhy() {
    assertPoison("hello", "malformed-json: unrecognized token");
    assertPoison("[1]", "malformed-json: expected a JSON object");
    assertPoison("{\"a\":1,\"a\":2}", "malformed-json: duplicate key");
    assertPoison("{\"a\":".repeat(101) + "1" + "}".repeat(101), "malformed-json: ");
    assertPoison("{\"message\":\"m\"}", "event.action: required and missing");
    assertPoison("{\"event\":{\"action\":\"a\"}}", "message: required and missing");
    assertPoison("{\"event\":{\"action\":7},\"message\":\"m\"}", "event.action: expected one text");
    assertPoison(
        "{\"event\":{\"action\":\"a\"},\"message\":\"m\",\"@timestamp\":5}",
        "@timestamp: expected an RFC 3339 time");
    assertPoison(
        "{\"event\":{\"action\":\"a\",\"id\":\"x\"},\"message\":\"m\"}",
        "event.id: only the collector sets it");
    assertPoison(
        "{\"event\":{\"action\":\"a\",\"dataset\":\"control\"},\"message\":\"m\"}",
        "only agents write control records");
    assertPoison("{\"x\":\"" + "y".repeat(2_000_000) + "\"}", "too-large: ");
  }

  @Test
  void read_ofALogLine_needsNoAction() throws Exception {
    AuditEvent event = read("{\"event\":{\"dataset\":\"log\"},\"message\":\"started\"}");
    assertThat(event.text("event.dataset")).contains("log");
  }

  private static void assertPoison(String item, String expected) {
    assertThatThrownBy(() -> read(item))
        .isInstanceOf(PoisonException.class)
        .hasMessageContaining(expected);
  }

  private static AuditEvent read(String item) throws PoisonException {
    return ForeignEvent.read(bytes(item), BILLING, NOW);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
