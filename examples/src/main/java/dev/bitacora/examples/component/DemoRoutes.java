package dev.bitacora.examples.component;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.User;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.examples.people.People;
import dev.bitacora.examples.people.Person;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.Call;
import dev.bitacora.examples.web.RefusedException;
import dev.bitacora.examples.web.Routes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/** What the show needs of a component and no real one has. None of these requests is recorded. */
final class DemoRoutes {
  private final Component component;
  private final AuditLog audit;
  private final Logger log;

  DemoRoutes(Component component, AuditLog audit, Logger log) {
    this.component = component;
    this.audit = audit;
    this.log = log;
  }

  void serve(Routes routes) {
    routes
        .get("/demo/recorded", call -> component.describe())
        .post("/demo/event", this::recordOne)
        .post("/demo/history", this::recordHistory)
        .post("/demo/deployment", this::deploy);
  }

  /** Exactly one record, a log line or an audit event. */
  private Answer recordOne(Call call) throws RefusedException {
    if ("log".equals(call.json().get("kind"))) {
      log.info("still here");
    } else {
      audit.event("component.check").target("component", component.name()).success().record();
    }
    return component.describe();
  }

  /** What happened before the show began: facts with their times. */
  private Answer recordHistory(Call call) throws RefusedException {
    if (!(call.json().get("facts") instanceof List<?> facts)) {
      throw new RefusedException(400, "facts: required");
    }
    for (Object fact : facts) {
      if (fact instanceof Map<?, ?> fields) {
        recordFact(fields);
      }
    }
    return component.describe();
  }

  private void recordFact(Map<?, ?> fact) {
    EventDraft draft =
        fact.containsKey("log.level")
            ? audit.logLine(text(fact, "log.level"), log.getName(), text(fact, "message"))
            : audit.event(text(fact, "event.action"));
    People.find(text(fact, "user.id")).map(Person::actor).ifPresent(draft::actor);
    draft.at(EventTime.parse(text(fact, "@timestamp")));
    if (fact.get("event.duration") instanceof Long nanos) {
      draft.duration(Duration.ofNanos(nanos));
    }
    fact.forEach(
        (name, value) -> {
          if (!List.of("@timestamp", "user.id", "event.duration").contains(name)) {
            draft.field(name.toString(), value);
          }
        });
    draft.record();
  }

  private static String text(Map<?, ?> fact, String name) {
    Object value = fact.get(name);
    return value == null ? "" : value.toString();
  }

  /** Answers at once; the deployment ends the server that has just answered. */
  private Answer deploy(Call call) throws RefusedException {
    String version = call.required("version");
    User by = People.operator().actor();
    Thread deployment =
        new Thread(() -> component.deploy(version, by), "deploy-" + component.name());
    deployment.setDaemon(true);
    deployment.start();
    return Answer.of(202, "version " + version + " is on its way");
  }
}
