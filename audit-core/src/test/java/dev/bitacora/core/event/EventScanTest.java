package dev.bitacora.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class EventScanTest {
  private static final long SEED = 20_261_121;

  private static AuditEventBuilder ordinary() {
    return AuditEvent.builder("invoice.approve")
        .at(Instant.parse("2026-11-21T10:15:30.123456Z"))
        .set("user.id", "u42")
        .set("user.roles", List.of("approver", "clerk"))
        .set("service.name", "billing")
        .set("service.environment", "prd")
        .set("client.ip", "2001:db8::1")
        .set("http.response.status_code", 503L)
        .target("invoice", "I-981 \"quoted\" é")
        .change("status", "pending", null)
        .label("a", "b")
        .detail("free", Map.of("a.b", List.of(1, 2.5, true, List.of(), Map.of("", "x"))))
        .outcome(Outcome.FAILURE);
  }

  @Test
  void ordinaryEvent_isReadInOnePass() {
    EventScan.Result read = EventScan.read(ordinary().build().bytes()).orElseThrow();

    assertThat(read.dataset()).isEqualTo(Dataset.AUDIT);
    assertThat(read.timestamp()).isEqualTo("2026-11-21T10:15:30.123456Z");
    assertThat(read.kept())
        .containsExactly(
            "2026-11-21T10:15:30.123456Z",
            "audit",
            "invoice.approve",
            "failure",
            "billing",
            "prd",
            503L,
            EventSchema.VERSION);
  }

  @Test
  void logLine_needsNoAction() {
    AuditEvent line =
        AuditEvent.builder(Dataset.LOG)
            .message("started")
            .set("user.id", "system")
            .set("service.name", "billing")
            .set("service.environment", "prd")
            .build();
    assertThat(EventScan.read(line.bytes()).orElseThrow().dataset()).isEqualTo(Dataset.LOG);
  }

  static Stream<String> whatIsLeftToOthers() {
    String good = new String(ordinary().build().bytes(), StandardCharsets.UTF_8);
    return Stream.of(
        good + "x",
        good.substring(0, good.length() - 1),
        "[" + good + "]",
        good.replace("\"u42\"", "\"\\ud800\""),
        good.replace("\"u42\"", "\" \""),
        good.replace("\"u42\"", "[\"u42\"]"),
        good.replace("\"u42\"", "null"),
        good.replace("\"id\":\"u42\"", "\"id\":\"u42\",\"id\":\"u43\""),
        good.replace("\"a.b\":", "\"a.b\":1,\"a.b\":"),
        good.replace("\"service\":", "\"event.id\":\"x\",\"service\":"),
        good.replace("\"service\":", "\"\":\"x\",\"service\":"),
        good.replace("\"prd\"", "{}"),
        good.replace("2001:db8::1", "2001:db8::x"),
        good.replace("2026-11-21T", "2026-13-21T"),
        good.replace("\"audit\",", "\"other\","),
        good.replace("invoice.approve", ""),
        good.replace("503", "503.5"),
        good.replace("503", "9".repeat(40)),
        good.replace("2.5", "9".repeat(JsonTree.MAX_NUMBER + 1)),
        good.replace("2.5", "0." + "9".repeat(JsonTree.MAX_NUMBER + 1)),
        good.replace("2.5", "[".repeat(JsonTree.MAX_DEPTH + 1)),
        good.replace("\"b\"", "\"" + "b".repeat(JsonTree.MAX_STRING + 1) + "\""),
        good.replace("\"version\":\"1", "\"version\":\"9"),
        "{\"@timestamp\":\"2026-11-21T10:15:30Z\"}",
        "{}",
        "null",
        "");
  }

  @ParameterizedTest
  @MethodSource("whatIsLeftToOthers")
  void whatIsNotOrdinary_isLeftToOthers(String event) {
    assertThat(EventScan.read(event.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void objectOfManyMembers_isLeftToTheTree_whichIsNotSlowerForMore() throws Exception {
    assertThat(EventScan.read(withMembers(64))).isPresent();
    assertThat(EventScan.read(withMembers(65))).isEmpty();
    assertThat(AuditEvent.parse(withMembers(65)).dataset()).isEqualTo(Dataset.AUDIT);
    // Looked through one by one, these would take minutes.
    byte[] many = withMembers(80_000);
    for (int i = 0; i < 20; i++) {
      assertThat(AuditEvent.parse(many).dataset()).isEqualTo(Dataset.AUDIT);
    }
  }

  private static byte[] withMembers(int count) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      members.put("m" + i, 1);
    }
    return ordinary().maxBytes(1 << 20).detail("many", members).build().bytes();
  }

  @Test
  void whatIsAccepted_isGoodForTheTreeToo_andReadsTheSame() throws Exception {
    Random random = new Random(SEED);
    Map<String, Object> tree = ordinary().build().tree();
    int accepted = 0;
    for (int round = 0; round < 16_000; round++) {
      byte[] bytes = round % 2 == 0 ? damaged(random) : JsonWriter.toBytes(mutated(tree, random));
      Optional<EventScan.Result> scanned = EventScan.read(bytes);
      if (scanned.isPresent()) {
        accepted++;
        Map<String, Object> read = JsonTree.readObject(bytes); // or it throws
        assertThat(EventCheck.problems(read))
            .as(new String(bytes, StandardCharsets.UTF_8))
            .isEmpty();
        for (Field field : EventFields.KEPT) {
          assertThat(scanned.get().kept()[EventFields.placeKept(field)])
              .isEqualTo(AuditEvent.valueAt(read, field.path()));
        }
      }
    }
    assertThat(accepted).isBetween(3_000, 15_000);
  }

  /** An event with some of its bytes changed, removed or doubled. */
  private static byte[] damaged(Random random) {
    StringBuilder text =
        new StringBuilder(new String(ordinary().build().bytes(), StandardCharsets.ISO_8859_1));
    String alphabet = "{}[]\",:\\u09.- \nte\u00e9\u0001";
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, text.charAt(random.nextInt(text.length())));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The tree with some of its values replaced and some members added or removed. */
  private static Map<String, Object> mutated(Map<String, Object> tree, Random random) {
    Map<String, Object> copy = new LinkedHashMap<>();
    tree.forEach(
        (name, value) -> {
          int fate = random.nextInt(300);
          if (fate == 0) {
            copy.put(name, anything(random));
          } else if (fate == 1) {
            copy.put(name + (random.nextBoolean() ? "." : "x"), anything(random));
          } else if (fate > 2) {
            copy.put(
                name, value instanceof Map<?, ?> below ? mutated(typed(below), random) : value);
          }
        });
    return copy;
  }

  @SuppressWarnings("unchecked") // of an event's tree
  private static Map<String, Object> typed(Map<?, ?> object) {
    return (Map<String, Object>) object;
  }

  private static Object anything(Random random) {
    List<Object> choices = new ArrayList<>(List.of("text", "", " ", "2026-11-21T10:15:30Z", "1.1"));
    choices.addAll(
        List.of(1L, -2.5, true, List.of(), List.of("a", 1L), Map.of(), Map.of("id", 1L)));
    choices.add(null);
    return choices.get(random.nextInt(choices.size()));
  }
}
