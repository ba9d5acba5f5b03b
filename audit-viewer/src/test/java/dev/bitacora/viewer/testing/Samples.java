package dev.bitacora.viewer.testing;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Events of a day in a company that approves invoices; the same ones each time, but for the time.
 */
public final class Samples {
  public static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static final String[] PEOPLE = {"ann", "bob", "carla", "diego", "eva"};
  private static final String[] NAMES = {
    "Ann Lee", "Bob Stone", "Carla Ruiz", "Diego Vega", "Eva Novak"
  };

  private final Random random = new Random(7);
  private final Instant now;

  public Samples(Instant now) {
    this.now = now;
  }

  /** An event of a component at a time. */
  public static AuditEventBuilder event(String action, String service, Instant at) {
    return AuditEvent.builder(action)
        .at(at)
        .set("user.id", "ann")
        .set("service.name", service)
        .set("service.environment", "prd")
        .outcome(Outcome.SUCCESS);
  }

  /** So many events, spread over the last hours, newest last. */
  public List<AuditEventBuilder> day(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> some(i, now.minus(Duration.ofHours(23)).plusSeconds(82_000L * i / count)))
        .toList();
  }

  private AuditEventBuilder some(int i, Instant at) {
    Instant time = at.plusMillis(random.nextInt(1000));
    String environment = random.nextInt(10) < 7 ? "prd" : random.nextBoolean() ? "uat" : "dev";
    return switch (random.nextInt(8)) {
      case 0, 1 -> log(time, environment);
      case 2 -> fileWritten(i, time, environment);
      case 3 -> login(time, environment);
      case 4 -> cacheCleaned(i, time, environment);
      default -> invoice(i, time, environment);
    };
  }

  private AuditEventBuilder base(String action, String service, Instant time, String environment) {
    int person = random.nextInt(PEOPLE.length);
    return event(action, service, time)
        .set("service.environment", environment)
        .set("service.version", "1.4." + random.nextInt(3))
        .set("user.id", PEOPLE[person])
        .set("user.name", NAMES[person])
        .set("host.name", "node-" + (1 + random.nextInt(3)))
        .set("client.ip", "10.20." + random.nextInt(3) + "." + (1 + random.nextInt(9)));
  }

  private AuditEventBuilder invoice(int i, Instant time, String environment) {
    String[] verbs = {"approve", "reject", "create", "change"};
    String verb = verbs[random.nextInt(verbs.length)];
    AuditEventBuilder event =
        base("invoice." + verb, "api", time, environment)
            .target("invoice", "I-" + (4000 + i))
            .set("trace.id", String.format("%032x", 1_000_000 + i))
            .set("http.request.method", "POST")
            .set("url.path", "/invoices/I-" + (4000 + i))
            .set("event.duration", (long) random.nextInt(90_000_000))
            .change("status", "pending", verb.equals("approve") ? "approved" : "rejected")
            .change("amount", 100 + random.nextInt(900), 100 + random.nextInt(900));
    if (random.nextInt(9) == 0) {
      return event
          .outcome(Outcome.FAILURE)
          .set("event.reason", "amount above the limit of this user");
    }
    return event;
  }

  private AuditEventBuilder login(Instant time, String environment) {
    AuditEventBuilder event = base("authn_login_success", "api", time, environment);
    return random.nextInt(4) == 0
        ? event
            .action("authn_login_fail")
            .outcome(Outcome.FAILURE)
            .set("event.reason", "wrong password")
        : event;
  }

  private AuditEventBuilder fileWritten(int i, Instant time, String environment) {
    return base("file.write", "batch", time, environment)
        .set("user.id", "system")
        .set("user.name", null)
        .set("audit.actor.type", "system")
        .target("file", "orders-" + i + ".xml")
        .message("Wrote orders-" + i + ".xml, 412 MB in 38 s");
  }

  private AuditEventBuilder cacheCleaned(int i, Instant time, String environment) {
    return base("cache.delete", "cache", time, environment)
        .set("user.id", "system")
        .set("user.name", null)
        .set("audit.actor.type", "system")
        .target("entry", "tmp/" + i)
        .outcome(random.nextInt(12) == 0 ? Outcome.FAILURE : Outcome.SUCCESS);
  }

  private AuditEventBuilder log(Instant time, String environment) {
    String[] levels = {"INFO", "INFO", "INFO", "WARN", "ERROR"};
    String level = levels[random.nextInt(levels.length)];
    String[] lines = {
      "Connected to the language service in 120 ms",
      "Cleaner removed 1,204 entries",
      "Retrying the language service after a timeout of 2 s",
      "Slow answer: 1,830 ms for POST /invoices",
      "Connection refused by assistant.example.org:443"
    };
    return AuditEvent.builder(Dataset.LOG)
        .at(time)
        .set("user.id", "system")
        .set("service.name", random.nextBoolean() ? "assistant" : "api")
        .set("service.environment", environment)
        .set("log.level", level)
        .set("log.logger", "com.example.Assistant")
        .message(lines[random.nextInt(lines.length)]);
  }

  /** One request that crosses four components, {@link #TRACE}. */
  public List<AuditEventBuilder> request() {
    Instant start = now.minusSeconds(60);
    return List.of(
        step("request.receive", "api", start, 2).set("url.path", "/invoices/I-981"),
        step("cache.read", "cache", start.plusMillis(9), 4).target("entry", "I-981"),
        AuditEvent.builder(Dataset.LOG)
            .at(start.plusMillis(60))
            .set("user.id", "system")
            .set("service.name", "assistant")
            .set("service.environment", "prd")
            .set("log.level", "WARN")
            .set("log.logger", "com.example.Assistant")
            .set("trace.id", TRACE)
            .message("Retrying the language service after a timeout of 2 s"),
        step("text.summarize", "assistant", start.plusMillis(180), 150).target("invoice", "I-981"),
        step("invoice.approve", "api", start.plusMillis(212), 210)
            .target("invoice", "I-981")
            .set("user.name", "Ann Lee")
            .set("client.ip", "10.20.0.7")
            .change("status", "pending", "approved")
            .change("approver", null, "ann"),
        step("file.append", "batch", start.plusMillis(240), 11).target("file", "orders.xml"));
  }

  private static AuditEventBuilder step(String action, String service, Instant at, int millis) {
    return event(action, service, at)
        .set("trace.id", TRACE)
        .set("event.duration", millis * 1_000_000L);
  }
}
