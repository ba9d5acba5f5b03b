package dev.bitacora.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditEventTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456789Z");

  private static AuditEventBuilder approval() {
    return AuditEvent.builder("invoice.approve")
        .at(NOON)
        .outcome(Outcome.SUCCESS)
        .target("invoice", "I-981")
        .change("status", "pending", "approved")
        .label("region", "eu")
        .detail("lines", List.of(1, 2.5, Map.of("note", "ok")))
        .set("user.id", "u42")
        .set("user.name", "Ann Lee")
        .set("user.roles", List.of("approver", "clerk"))
        .set("client.ip", "192.0.2.7")
        .set("service.name", "billing")
        .set("service.environment", "prd")
        .set("trace.id", "4bf92f3577b34da6a3ce929d0e0e4736");
  }

  @Test
  void bytes_areTheGoldenFiles() throws IOException {
    assertThat(new String(approval().build().bytes(), StandardCharsets.UTF_8))
        .isEqualTo(golden("event-v1.json"));
  }

  @Test
  void parse_keepsTheExactBytes_whateverTheirSpacing() throws Exception {
    byte[] bytes =
        (" " + golden("event-v1.json").replace("\":", "\" : ").replace("I-981", "I\\u002d981"))
            .getBytes(StandardCharsets.UTF_8);

    AuditEvent event = AuditEvent.parse(bytes);

    assertThat(event.bytes()).isEqualTo(bytes);
    assertThat(event.text("audit.target.id")).contains("I-981");
  }

  @Test
  void builtAndParsed_readTheSame() throws Exception {
    AuditEvent built = approval().build();
    AuditEvent parsed = AuditEvent.parse(built.bytes());

    assertThat(parsed.tree()).isEqualTo(built.tree());
    assertThat(parsed.timestamp()).isEqualTo(NOON);
    assertThat(parsed.dataset()).isEqualTo(Dataset.AUDIT);
    assertThat(parsed.texts("user.roles")).containsExactly("approver", "clerk");
    assertThat(parsed.text("audit.change.after.status")).contains("approved");
    assertThat(parsed.text("message")).contains("Ann Lee invoice.approve invoice I-981: success");
    assertThat(parsed.text("nothing.there")).isEmpty();
  }

  @Test
  void fieldsThatWereForgotten_areReadOnceMore() throws Exception {
    AuditEvent event = AuditEvent.parse(approval().build().bytes());
    Map<String, Object> before = event.tree();
    event.forgetFields();

    assertThat(event.tree()).isNotSameAs(before).isEqualTo(before);
    assertThat(event.value(EventFields.TARGET_ID)).contains("I-981");
    assertThat(event.value(EventFields.USER_EMAIL)).isEmpty();
    assertThat(event.dataset()).isEqualTo(Dataset.AUDIT);
  }

  @Test
  void whatAThreadRecordsWhileItEncodes_isAnEventOfItsOwn() {
    Object recordsToo =
        new Object() {
          @Override
          public String toString() {
            return approval().detail("inner", "x".repeat(50_000)).build().toString();
          }
        };
    AuditEvent event = approval().detail("outer", recordsToo).label("after", "it").build();

    assertThat(event.text("audit.details.outer").orElseThrow()).startsWith("AuditEvent[audit");
    assertThat(event.text("labels.after")).contains("it");
  }

  @Test
  void build_withoutWhatIsRequired_namesEverythingMissing() {
    assertThatThrownBy(() -> AuditEvent.builder(Dataset.AUDIT).build())
        .hasMessageContaining("user.id: required")
        .hasMessageContaining("service.name: required")
        .hasMessageContaining("service.environment: required")
        .hasMessageContaining("event.action: required");
    assertThatThrownBy(() -> approval().set("client.ip", "not an address").build())
        .hasMessageContaining("client.ip");
    assertThatThrownBy(() -> approval().set("event.id", "x")).hasMessageContaining("event.id");
  }

  @Test
  void build_mendsTextThatIsNotUnicode() {
    AuditEvent event = approval().message("broken \uD800 tail").build();

    assertThat(event.text("message")).contains("broken \uFFFD tail");
  }

  @Test
  void build_ofTenMegabytes_isShortenedAndSaysSo() throws Exception {
    AuditEvent event =
        approval()
            .message("long ".repeat(2_000_000))
            .detail("blob", "x".repeat(100_000))
            .set("user.name", "n".repeat(90_000))
            .build();

    assertThat(event.size()).isLessThanOrEqualTo(AuditEventBuilder.DEFAULT_MAX_BYTES);
    AuditEvent read = AuditEvent.parse(event.bytes());
    assertThat(read.value("audit.truncated")).contains(true);
    assertThat((Long) read.value("audit.original.size").orElseThrow()).isGreaterThan(10_000_000L);
    assertThat(read.text("audit.original.sha256").orElseThrow()).hasSize(64);
    assertThat(read.text("message").orElseThrow()).startsWith("long long").endsWith("…");
    assertThat(read.text("event.action")).contains("invoice.approve");
  }

  @Test
  void smallEvents_areNotTouched() {
    assertThat(approval().build().value("audit.truncated")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json|unrecognized token",
        "[1]|expected a JSON object",
        "{\"a\":1,\"a\":2}|duplicate key",
        "{\"a\":1} x|unrecognized token",
        "{}|@timestamp: required and missing",
        "{\"event\":{\"id\":\"x\"}}|event.id: only the collector sets it",
        "{\"event\":{\"original\":{}}}|event.original: only the collector sets it",
        "{\"ledger\":{\"offset\":1}}|ledger.offset: only the collector sets it",
        "{\"event.action\":\"x\"}|objects are nested",
        "{\"event\":{\"a.b\":1}}|objects are nested",
        "{\"@timestamp\":\"yesterday\"}|@timestamp: expected an RFC 3339 time",
        "{\"@timestamp\":1}|@timestamp: expected an RFC 3339 time",
        "{\"client\":{\"ip\":\"nowhere\"}}|client.ip: expected an IP address",
        "{\"event\":{\"duration\":\"1\"}}|event.duration: expected a whole number of 64 bits, found text",
        "{\"event\":{\"duration\":1.5}}|event.duration: expected a whole number of 64 bits, found a number",
        "{\"event\":{\"duration\":99999999999999999999}}|event.duration: expected a whole number of 64 bits",
        "{\"user\":{\"id\":{}}}|user.id: expected text, found an object",
        "{\"labels\":\"x\"}|labels: expected an object, found text",
        "{\"message\":7}|message: expected text, found a number",
        "{\"event\":\"x\"}|event: expected an object, found text",
        "{\"host\":[]}|host: expected an object, found an array",
        "{\"a\\u0000b\":1}|NUL",
        "{\"a\":\"\\ud800\"}|unpaired surrogate",
      })
  void parse_ofWhatIsNoEvent_saysWhereAndWhatWasExpected(String json, String problem) {
    assertThatThrownBy(() -> AuditEvent.parse(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void parse_of100Levels_isRefused_of90_isNot() throws Exception {
    String good = golden("event-v1.json");
    AuditEvent.parse(nested(good, 90));

    assertThatThrownBy(() -> AuditEvent.parse(nested(good, 100))).hasMessageContaining("depth");
  }

  private static byte[] nested(String good, int levels) {
    String deep = "{\"d\":".repeat(levels) + "1" + "}".repeat(levels);
    return (good.substring(0, good.length() - 1) + ",\"extra\":" + deep + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void parse_ofBytesThatAreNotUtf8_isRefused() {
    byte[] latin = "{\"message\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> AuditEvent.parse(latin)).hasMessageContaining("UTF-8");
  }

  @Test
  void parse_ofAFarTime_isAnEvent() throws Exception {
    String far =
        golden("event-v1.json").replace("2026-11-21T12:00:00.123456789Z", "9999-12-31T23:59:59Z");

    AuditEvent event = AuditEvent.parse(far.getBytes(StandardCharsets.UTF_8));

    assertThat(EventTime.toNanos(event.timestamp())).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void parse_ofAnotherMajorVersion_isRefused_ofANewerMinor_isNot() throws Exception {
    String good = golden("event-v1.json");
    AuditEvent.parse(
        good.replace("\"version\":\"1.0\"", "\"version\":\"1.7\"")
            .getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(
            () ->
                AuditEvent.parse(
                    good.replace("\"version\":\"1.0\"", "\"version\":\"2.0\"")
                        .getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("audit.schema.version");
  }

  @Test
  void messagesAboutBadEvents_quoteNoContent() {
    String secret = "hunter2-very-secret";
    for (String json :
        List.of(
            secret,
            "{\"" + secret + "\":1,\"" + secret + "\":1}",
            "{\"client\":{\"ip\":\"" + secret + "\"}}",
            "{\"@timestamp\":\"" + secret + "\"}")) {
      assertThatThrownBy(() -> AuditEvent.parse(json.getBytes(StandardCharsets.UTF_8)))
          .hasMessageNotContaining(secret);
    }
  }

  @Test
  void nanos_goThereAndBack() {
    assertThat(EventTime.ofNanos(EventTime.toNanos(NOON))).isEqualTo(NOON);
    assertThat(EventTime.format(NOON)).isEqualTo("2026-11-21T12:00:00.123456789Z");
    assertThat(EventTime.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(EventTime.toNanos(Instant.parse("1960-01-01T00:00:00Z"))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, true",
    "255.255.255.255, true",
    "0.0.0.0, true",
    "256.0.0.1, false",
    "192.0.2, false",
    "192.0.2.7.1, false",
    "192.0.2., false",
    ".192.0.2.7, false",
    "192..2.7, false",
    "192.0.2.0007, false",
    "'', false",
    "2001:db8::1, true",
    "::ffff:192.0.2.7, true",
    "2001:db8::g, false",
    "1:2, false",
  })
  void addresses_areLiteralsOnly(String text, boolean isOne) {
    assertThat(EventCheck.isAddress(text)).isEqualTo(isOne);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = AuditEventTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
