package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.TestConfig;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a component hands over: nothing is thrown, and what arrives passes the check. */
class HostileInputTest {
  private static final int MAX_BYTES = 64 * 1024;

  private final IntakeServer intake = new IntakeServer("t");
  private final AuditLog audit = AuditLog.open(TestConfig.deliveringTo(intake).build());

  @AfterEach
  void close() {
    audit.close();
    intake.close();
  }

  private static AuditEvent recorded(EventDraft draft) {
    Receipt receipt = draft.record();
    assertThat(receipt.isAccepted()).as(receipt.toString()).isTrue();
    assertThat(receipt.bytes().length).isLessThanOrEqualTo(MAX_BYTES);
    return IntakeServer.parse(receipt.bytes());
  }

  @Test
  void nullsEverywhere_areLeftOut() {
    AuditEvent event =
        recorded(
            audit
                .event(null)
                .actor(null)
                .target(null, null)
                .target(null, null, null)
                .related(null, null)
                .change(null, null, null)
                .at(null)
                .message(null)
                .label(null, null)
                .detail(null, null)
                .error(null)
                .duration(null)
                .field(null, null)
                .field("user.name", null)
                .failure(null));

    assertThat(event.text("event.action")).contains("unspecified");
    assertThat(event.text("user.id")).contains("system");
  }

  @Test
  void actorWithoutAnything_isUnknown() {
    AuditEvent event =
        recorded(
            audit
                .event("a.b")
                .actor(User.id(" ").name(null).email(null).roles("x", null).actingAs(null)));

    assertThat(event.text("user.id")).contains("unknown");
    assertThat(event.texts("user.roles")).containsExactly("x");
  }

  @Test
  void objectsThatThrow_becomeARemark() {
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new OutOfMemoryError("on purpose");
          }
        };
    AuditEvent event =
        recorded(
            audit
                .event("a.b")
                .detail("broken", broken)
                .detail("nested", Map.of("list", List.of(1, broken)))
                .change("field", broken, "fine")
                .error(
                    new RuntimeException() {
                      @Override
                      public String getMessage() {
                        throw new IllegalStateException("on purpose");
                      }
                    }));

    assertThat(event.text("audit.details.broken").orElseThrow()).contains("OutOfMemoryError");
    assertThat(event.texts("audit.details.nested.list")).hasSize(2);
    assertThat(event.text("error.message").orElseThrow()).contains("IllegalStateException");
  }

  @Test
  void structuresThatContainThemselves_end() {
    Map<String, Object> map = new HashMap<>();
    map.put("self", map);
    List<Object> list = new ArrayList<>();
    list.add(list);
    Object[] array = new Object[1];
    array[0] = array;

    recorded(audit.event("a.b").detail("map", map).detail("list", list).detail("array", array));
  }

  @Test
  void tenMegabytes_areShortenedAndSaySo() {
    String huge = "x".repeat(10 << 20);
    AuditEvent event =
        recorded(audit.event("a.b").message(huge).detail("d", huge).label("l", huge).success());

    assertThat(event.value("audit.truncated")).contains(true);
    assertThat((Long) event.value("audit.original.size").orElseThrow()).isGreaterThan(30L << 20);
  }

  @Test
  void textThatIsNoUnicode_isMended() {
    recorded(audit.event("a.b").message("half \ud83d").label("\udc00", "\ud800"));
  }

  @Test
  void impossibleTimes_becomeTheNearestPossible() {
    assertThat(recorded(audit.event("a.b").at(Instant.MAX)).text("@timestamp").orElseThrow())
        .startsWith("9999-12-31");
    assertThat(recorded(audit.event("a.b").at(Instant.MIN)).text("@timestamp").orElseThrow())
        .startsWith("0000-01-01");
  }

  @Test
  void valuesThatAFieldCannotHold_goToTheDetails() {
    AuditEvent event =
        recorded(
            audit
                .event("a.b")
                .field("client.ip", "not an address")
                .field("http.response.status_code", "many")
                .field("event.outcome", "maybe")
                .field("event.dataset", "control")
                .field("event.id", "forged")
                .field("labels", List.of())
                .field("user.roles", List.of("a", 1))
                .field("event.duration", 1.5)
                .field("no.such.field", new BigDecimal("1E+400")));

    assertThat(event.text("event.dataset")).contains("audit");
    Map<?, ?> details = (Map<?, ?>) event.value("audit.details").orElseThrow();
    assertThat(details).hasSize(8);
    assertThat((Object) details.get("client.ip")).isEqualTo("not an address");
    assertThat((Object) details.get("event.outcome")).isEqualTo("maybe");
    assertThat((Object) details.get("event.id")).isEqualTo("forged");
    assertThat(event.texts("user.roles")).containsExactly("a", "1");
  }

  @Test
  void contextWithNonsense_doesNoHarm() {
    try (AuditContext.Scope scope =
        AuditContext.EMPTY.withClient("nonsense", null).withActor(null).open()) {
      assertThat(scope).isNotNull();
      assertThat(recorded(audit.event("a.b")).value("client.ip")).isEqualTo(Optional.empty());
    }
  }

  @Test
  void receiptListenerThatThrows_isIgnored() {
    try (AuditLog log =
        AuditLog.open(
            TestConfig.deliveringTo(intake)
                .onReceipt(
                    receipt -> {
                      throw new IllegalStateException("on purpose");
                    })
                .build())) {
      recorded(log.event("a.b"));
    }
  }

  @Test
  void everythingAbove_passesTheCollectorsCheckOnArrival() {
    recorded(audit.event("a.b").detail("k", new int[] {1, 2}).detail("o", Optional.of(3)));
    audit.close();

    assertThat(intake.events(RecordKind.AUDIT)).hasSize(1);
  }
}
