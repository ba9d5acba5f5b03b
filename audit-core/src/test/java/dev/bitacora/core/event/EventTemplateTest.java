package dev.bitacora.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An event made from a template has the bytes that it would have without one. */
class EventTemplateTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static void component(AuditEventBuilder event) {
    event
        .set("service.name", "billing")
        .set("service.environment", "prd")
        .set("service.node.name", "node-1")
        .set("host.name", "h1")
        .set("process.pid", 7L)
        .set("agent.id", "a-1");
  }

  private static void assertSameBytes(Consumer<AuditEventBuilder> properties) {
    AuditEventBuilder plain = AuditEvent.builder(Dataset.AUDIT);
    component(plain);
    AuditEventBuilder ofComponent = AuditEvent.builder(Dataset.AUDIT);
    component(ofComponent);
    AuditEventBuilder templated = ofComponent.template().builder();
    for (AuditEventBuilder event : List.of(plain, templated)) {
      event.at(NOON).action("a.b").set("user.id", "u");
      properties.accept(event);
    }

    assertThat(templated.toBytes()).isEqualTo(plain.toBytes());
  }

  @Test
  void unchangedObjects_areCopied() {
    assertSameBytes(event -> {});
  }

  @Test
  void changedObjects_areWrittenAnew() {
    assertSameBytes(
        event ->
            event
                .set("service.version", "2")
                .set("host.name", null)
                .set("process.thread.name", "main")
                .set("agent.id", "a-2"));
  }

  @Test
  void everyField_inEveryCompany_isWrittenTheSame() {
    List<Field> fields =
        EventSchema.fields().stream()
            .filter(f -> !f.envelope() && f.type() == FieldType.KEYWORD)
            .toList();
    Random random = new Random(20261121);
    for (int i = 0; i < 2_000; i++) {
      long seed = random.nextLong();
      assertSameBytes(
          event -> {
            Random some = new Random(seed);
            for (Field field : fields) {
              if (some.nextInt(3) == 0 && !field.name().equals("user.id")) {
                event.set(field, "v" + some.nextInt(10));
              }
            }
          });
    }
  }

  @Test
  void everyField_isReadWhereItWasSet() {
    AuditEventBuilder event = AuditEvent.builder(Dataset.AUDIT).at(NOON);
    for (Field field : EventSchema.fields()) {
      if (!field.envelope() && field.type() == FieldType.KEYWORD) {
        event.set(field, field.name());
      }
    }
    AuditEvent built = event.build();

    for (Field field : EventSchema.fields()) {
      if (!field.envelope() && field.type() == FieldType.KEYWORD) {
        assertThat(built.text(field.name())).contains(field.name());
      }
    }
  }

  @Test
  void events_doNotSeeEachOther() {
    AuditEventBuilder first = AuditEvent.builder(Dataset.AUDIT);
    component(first);
    EventTemplate template = first.template();
    first.set("service.name", "other");
    AuditEvent one =
        template.builder().at(NOON).action("a.b").set("user.id", "u").label("k", "v").build();
    AuditEvent two = template.builder().at(NOON).action("c.d").set("user.id", "w").build();

    assertThat(one.text("service.name")).contains("billing");
    assertThat(two.text("user.id")).contains("w");
    assertThat(two.tree()).doesNotContainKey("labels");
    assertThat(one.value("labels")).contains(Map.of("k", "v"));
  }
}
