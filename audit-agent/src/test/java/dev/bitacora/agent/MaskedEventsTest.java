package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.TraceContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither what is shipped nor what stands on the disk holds a secret that was recorded. */
class MaskedEventsTest {
  private static final String CARD = "4111 1111 1111 1111";
  private static final String JWT =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
  private static final String BEARER = "Bearer mF_9.B5f-4.1JqM";
  private static final String KEY =
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----";
  private static final String AWS = "AKIAIOSFODNN7EXAMPLE";
  private static final String ASSIGNED = "password=hunter2";

  /** What must be nowhere. */
  private static final List<String> SECRETS =
      List.of(
          CARD, "4111111111111111", "dozjgNryP4J3", "mF_9.B5f", "MIIEvQIBADANBg", AWS, "hunter2");

  private final IntakeServer intake = new IntakeServer("t");
  private final Path spool = SpoolFolder.fresh();
  private AuditLog audit = open(config -> config);

  private AuditLog open(UnaryOperator<AuditConfig.Builder> more) {
    return AuditLog.open(
        more.apply(
                AuditConfig.builder()
                    .spoolDir(spool)
                    .component("api")
                    .environment("dev")
                    .url(intake.url())
                    .token("t")
                    .quiet(true))
            .build());
  }

  private void reopen(UnaryOperator<AuditConfig.Builder> more) {
    audit.close();
    audit = open(more);
  }

  @AfterEach
  void close() {
    audit.close();
    intake.close();
  }

  private static AuditEvent recorded(EventDraft draft) {
    return IntakeServer.parse(draft.record().bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {CARD, "4111111111111111", JWT, BEARER, KEY, AWS, ASSIGNED})
  void secretInEveryPlace_isNowhere(String secret) {
    String text = "before " + secret + " after";
    intake.failing(true); // so that everything stays in the spool for a look
    EventDraft event = everywhere(audit.event("a.b " + text), secret, text);
    AuditEvent read = recorded(event);
    AuditEvent line = recorded(audit.logLine("INFO", "com.example.Log", text).label("l", text));

    assertThat(read.text("message").orElseThrow()).startsWith("before ").contains("[masked:");
    assertThat(line.text("message").orElseThrow()).startsWith("before ").contains("[masked:");
    assertHoldsNoSecret(filesIn(spool));
    intake.failing(false);
    await().until(() -> intake.events(RecordKind.AUDIT).size() == 1);
    await().until(() -> intake.events(RecordKind.LOG).size() == 1);
    assertHoldsNoSecret(intake.records().stream().map(MaskedEventsTest::text));
  }

  private static EventDraft everywhere(EventDraft event, String secret, String text) {
    return event
        .actor(User.id(text).name(text).email(text).roles(text).actingAs(text))
        .target("invoice", secret, text)
        .related("card", secret)
        .change("note", text, List.of(text))
        .change(text, 1, 2)
        .change("password", "hunter2", "hunter2")
        .message(text)
        .label("l", text)
        .label("apiKey", "hunter2")
        .detail("d", Map.of("list", List.of(text, Map.of(secret, text), new Object[] {text})))
        .detail("number", 4111111111111111L)
        .detail("object", java.util.Optional.of(text))
        .detail("login", Map.of("user", "u", "client_secret", "hunter2"))
        .error(new IllegalStateException(text, new RuntimeException(text)))
        .field("user_agent.original", text)
        .field("url.path", "/a/" + secret)
        .field("no.such.field", text)
        .field("http.response.status_code", text)
        .failure(text);
  }

  private static Stream<String> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(MaskedEventsTest::content).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(WireRecord record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  private static void assertHoldsNoSecret(Stream<String> texts) {
    List<String> all = texts.toList();
    assertThat(all).anySatisfy(text -> assertThat(text).contains("[masked:"));
    for (String text : all) {
      for (String secret : SECRETS) {
        assertThat(text.contains(secret)).as(secret).isFalse();
      }
    }
  }

  @Test
  void whatTheComponentSaysByItself_staysAsItIs() {
    TraceContext trace =
        new TraceContext("41111111111111114111111111111111", "4111111111111111", 1);
    try (AuditContext.Scope scope =
        AuditContext.EMPTY.withTrace(trace).withRequestId("4111111111111111").open()) {
      assertThat(scope).isNotNull();
      AuditEvent event = recorded(audit.event("a.b").success());

      assertThat(event.text("span.id")).contains("4111111111111111");
      assertThat(event.text("trace.id")).contains("41111111111111114111111111111111");
      assertThat(event.text("http.request.id")).contains("4111111111111111");
    }
  }

  @Test
  void lookupsOfOtherLoggers_stayPlainText() {
    String lookup = "${jndi:ldap://127.0.0.1:1/a} ${env:PATH} %d{yyyy}";

    assertThat(recorded(audit.event("a.b").message(lookup)).text("message")).contains(lookup);
  }

  @Test
  void namedFieldsAndKeys_areMasked_andTheEventStaysValid() {
    reopen(
        config ->
            config.maskFields(
                List.of(
                    "user.email", "client.ip", "event.duration", "user.id", "IBAN", "@timestamp")));
    AuditEvent event =
        recorded(
            audit
                .event("a.b")
                .actor(User.id("u42").name("Ann").email("ann@example.com"))
                .field("client.ip", "192.0.2.7")
                .duration(java.time.Duration.ofMillis(3))
                .label("iban", "DE1")
                .message("moved to iban=DE1")
                .success());

    assertThat(event.text("user.email")).contains("[masked:secret]");
    assertThat(event.text("user.id")).contains("[masked:secret]");
    assertThat(event.text("user.name")).contains("Ann");
    assertThat(event.value("client.ip")).isEmpty();
    assertThat(event.value("event.duration")).isEmpty();
    assertThat(event.text("labels.iban")).contains("[masked:secret]");
    assertThat(event.text("message")).contains("moved to iban=[masked:secret]");
  }

  @Test
  void sentenceThatIsMadeOfMaskedParts_holdsThemMasked() {
    AuditEvent event = recorded(audit.event("card.block").actor(User.id("u")).target("card", CARD));

    assertThat(event.text("message")).contains("u card.block card [masked:card]: unknown");
  }

  @Test
  void switchedOff_onlyWhatIsNamedIsMasked() {
    reopen(config -> config.masking(false).maskFields(List.of("iban")));
    AuditEvent event = recorded(audit.event("a.b").target("order", CARD).label("iban", "DE1"));

    assertThat(event.text("audit.target.id")).contains(CARD);
    assertThat(event.text("labels.iban")).contains("[masked:secret]");
  }

  @Test
  void settings_haveTheirNamesAndDefaults() {
    Map<String, String> required =
        Map.of(
            "BITACORA_SERVICE_NAME", "api",
            "BITACORA_ENVIRONMENT", "dev",
            "BITACORA_URL", "http://127.0.0.1:1");
    Map<String, String> all = new java.util.HashMap<>(required);
    all.put("BITACORA_MASKING", "false");
    all.put("BITACORA_MASK_FIELDS", " user.email, iban,,");
    AuditConfig byDefault = EnvironmentSettings.read(required);
    AuditConfig config = EnvironmentSettings.read(all).toBuilder().build();

    assertThat(byDefault.problems()).isEmpty();
    assertThat(byDefault.masking().text(ASSIGNED)).isEqualTo("password=[masked:secret]");
    assertThat(config.problems()).isEmpty();
    assertThat(config.masking().text(ASSIGNED)).isEqualTo(ASSIGNED);
    assertThat(config.masking().isNamed("user.email")).isTrue();
    assertThat(config.masking().isNamed("iban")).isTrue();
    assertThat(config.masking().isNamed("")).isFalse();
  }
}
