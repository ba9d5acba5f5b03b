package dev.bitacora.examples.day;

import dev.bitacora.core.event.EventTime;
import dev.bitacora.examples.people.People;
import dev.bitacora.examples.people.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Invents what happened before the show began. Used by one thread. */
final class History {
  private static final int FACTS_IN_A_REQUEST = 100;
  private static final int VISITS = 120;

  private final Instant now;
  private final Duration back;
  private final RandomGenerator random;

  History(Instant now, Duration back, RandomGenerator random) {
    this.now = now;
    this.back = back;
    this.random = random;
  }

  /** Facts in the order of time, in portions for one request each. */
  List<List<Map<String, Object>>> of(String environment) {
    List<Map<String, Object>> facts = new ArrayList<>();
    for (int visit = VISITS; visit > 0; visit--) {
      Duration ago = back.multipliedBy(visit).dividedBy(VISITS);
      visit(environment, now.minus(ago).plusMillis(random.nextInt(60_000)), facts);
    }
    List<List<Map<String, Object>>> portions = new ArrayList<>();
    for (int from = 0; from < facts.size(); from += FACTS_IN_A_REQUEST) {
      portions.add(facts.subList(from, Math.min(facts.size(), from + FACTS_IN_A_REQUEST)));
    }
    return portions;
  }

  private void visit(String environment, Instant begin, List<Map<String, Object>> facts) {
    Person clerk = anyOf(People.with("clerk", environment));
    Person approver = anyOf(People.with("approver", environment));
    String invoice = "I-" + (100 + random.nextInt(900));
    boolean fails = random.nextInt(12) == 0;
    request(facts, begin, clerk, "invoice.create", "/invoices", invoice, 201);
    Instant decision = begin.plusSeconds(30 + random.nextInt(600));
    if (decision.isBefore(now)) {
      String path = "/invoices/" + invoice + "/approval";
      request(
          facts,
          decision,
          fails ? clerk : approver,
          "invoice.approve",
          path,
          invoice,
          fails ? 403 : 200);
    }
  }

  /** The event, the request and a log line, of one trace. */
  private void request(
      List<Map<String, Object>> facts,
      Instant at,
      Person person,
      String action,
      String path,
      String invoice,
      int status) {
    String trace = hex(16);
    String outcome = status < 400 ? "success" : "failure";
    Map<String, Object> event = fact(at, person, trace);
    event.put("event.action", action);
    event.put("event.outcome", outcome);
    event.put("audit.target.type", "invoice");
    event.put("audit.target.id", invoice);
    facts.add(event);
    Map<String, Object> line = fact(at.plusMillis(1), person, trace);
    line.put("log.level", status < 400 ? "INFO" : "WARN");
    line.put("message", action + " of " + invoice + ": " + status);
    facts.add(line);
    Map<String, Object> http = fact(at.plusMillis(2), person, trace);
    long millis = random.nextLong(3, 43) + (random.nextInt(30) == 0 ? 900 : 0);
    http.put("event.action", "http.request");
    http.put("event.outcome", outcome);
    http.put("http.request.method", "POST");
    http.put("url.path", path);
    http.put("http.response.status_code", status);
    http.put("event.duration", Duration.ofMillis(millis).toNanos());
    http.put("message", "POST " + path + ": " + status + " in " + millis + " ms");
    facts.add(http);
  }

  private Map<String, Object> fact(Instant at, Person person, String trace) {
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("@timestamp", EventTime.format(at));
    fact.put("user.id", person.id());
    fact.put("trace.id", trace);
    fact.put("span.id", hex(8));
    return fact;
  }

  private String hex(int bytes) {
    byte[] id = new byte[bytes];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private <T> T anyOf(List<T> things) {
    return things.get(random.nextInt(things.size()));
  }
}
