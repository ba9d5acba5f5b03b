package dev.bitacora.store;

import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Events whose every field varies a little, so that queries find some and not others. */
final class RandomEvents {
  private static final List<String> WORDS =
      List.of(
          "invoice",
          "Invoice",
          "approved",
          "rejected",
          "over",
          "limit",
          "Straße",
          "ñandú",
          "日本語",
          "x1",
          "42",
          "Ünïcode",
          "approvals");
  private static final List<String> VALUES =
      List.of(
          "alice",
          "bob",
          "Bob",
          "",
          "a b",
          "ñandú",
          "日本",
          "\uD83D\uDE00",
          "\uFFFD",
          "zz:top",
          "say \"hi\"",
          "back\\slash",
          "and",
          "x".repeat(1024),
          "y".repeat(1025));
  private static final List<String> ADDRESSES =
      List.of(
          "10.0.0.1",
          "10.1.2.3",
          "10.255.255.255",
          "192.168.1.1",
          "2001:db8::1",
          "2001:db8:1::5",
          "::1",
          "fe80::1:2:3");

  /** Over how many days they are spread. */
  static final int DAYS = 8;

  private final Random random;

  RandomEvents(Random random) {
    this.random = random;
  }

  List<NewEvent> list(int size) {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      events.add(next(i));
    }
    return events;
  }

  private NewEvent next(int i) {
    StreamPosition position = TestEvents.position(i % 3, i);
    Instant ingested = TestEvents.NOW.minusSeconds(random.nextInt(DAYS * 86_400));
    return new NewEvent(
        position,
        event(ingested),
        ingested,
        new LogPosition("bitacora.audit/" + i % 2, i),
        one(List.of(AgentIdStatus.values())));
  }

  private AuditEvent event(Instant ingested) {
    Dataset dataset = one(List.of(Dataset.AUDIT, Dataset.AUDIT, Dataset.LOG, Dataset.CONTROL));
    AuditEventBuilder event =
        AuditEvent.builder(dataset)
            .at(time(ingested))
            .action("invoice." + one(List.of("approve", "reject", "read")))
            .outcome(one(List.of(Outcome.values())))
            .message(sentence())
            .set("user.id", word())
            .set("service.name", one(List.of("api", "cache", "batch")))
            .set("service.environment", one(List.of("dev", "uat", "prd")));
    maybe(() -> event.set("user.name", one(VALUES)));
    maybe(() -> event.set("user.roles", some(VALUES)));
    maybe(() -> event.set("event.reason", List.of(sentence(), sentence())));
    maybe(() -> event.set("error.message", sentence()));
    maybe(() -> event.set("event.duration", random.nextLong() >> random.nextInt(60)));
    maybe(() -> event.set("http.response.status_code", 200L + random.nextInt(3)));
    maybe(() -> event.set("client.ip", one(ADDRESSES)));
    maybe(() -> event.set("source.ip", one(ADDRESSES)));
    maybe(() -> event.set("audit.target.related", some(VALUES)));
    maybe(() -> event.set("url.path", "/" + word() + "/" + word()));
    maybe(() -> event.set("audit.truncated", true));
    maybe(() -> event.label("region", one(VALUES)).label("tier", word()));
    maybe(() -> event.detail("amount", random.nextInt(5)).detail("nested", nested()));
    return event.build();
  }

  /** One in ten is implausible. */
  private Instant time(Instant ingested) {
    return switch (random.nextInt(20)) {
      case 0 -> Instant.parse("9999-12-31T23:59:59Z");
      case 1 -> Instant.parse("1960-01-01T00:00:00Z");
      default -> ingested.minus(Duration.ofNanos(random.nextInt(1_000_000_000)));
    };
  }

  private Map<String, Object> nested() {
    return Map.of(
        "list", List.of(word(), Map.of("deep", one(VALUES))), "flag", random.nextBoolean());
  }

  private String sentence() {
    StringBuilder sentence = new StringBuilder(one(WORDS));
    for (int i = random.nextInt(5); i > 0; i--) {
      sentence.append(one(List.of(" ", " - ", "; "))).append(one(WORDS));
    }
    return sentence.toString();
  }

  private String word() {
    return one(WORDS);
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private <T> List<T> some(List<T> choices) {
    return List.of(one(choices), one(choices));
  }

  private void maybe(Runnable change) {
    if (random.nextBoolean()) {
      change.run();
    }
  }
}
