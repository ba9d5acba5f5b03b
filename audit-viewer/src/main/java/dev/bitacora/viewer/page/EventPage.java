package dev.bitacora.viewer.page;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.viewer.search.QueryEdit;
import dev.bitacora.viewer.search.Surroundings;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One event: who did what to which thing, when, from where, with what result; its exact bytes; what
 * happened around it.
 *
 * @param sheets one; several when somebody forged the id
 */
public record EventPage(
    Frame frame, String id, List<Sheet> sheets, List<Link> tabs, Optional<Around> around) {

  /** What the surroundings of an event can share with it, by the name in the page's address. */
  public static final Map<String, FieldName> AROUND = new LinkedHashMap<>();

  static {
    AROUND.put("actor", FieldName.of("user.id"));
    AROUND.put("target", FieldName.of("audit.target.id"));
    AROUND.put("trace", FieldName.of("trace.id"));
  }

  /** A name and what stands for it, with a link that finds more of the same. */
  public record Fact(String name, Visible value, Optional<String> href, Optional<Visible> note) {}

  /** A value that changed. */
  public record Change(Visible field, Optional<Visible> before, Optional<Visible> after) {}

  /** An event in full. */
  public record Sheet(
      String document,
      Mark mark,
      Visible sentence,
      Visible action,
      List<Fact> facts,
      List<Change> changes,
      Optional<Visible> stackTrace,
      List<Fact> fields,
      List<Fact> envelope,
      List<String> warnings,
      Visible raw,
      String size,
      String sha256) {}

  /** What happened before and after. */
  public record Around(String by, Visible value, List<Row> rows, String all) {}

  /** The value by which the surroundings of an event are found. */
  public static Optional<String> sharedValue(StoredEvent event, String by) {
    return Optional.ofNullable(AROUND.get(by))
        .flatMap(field -> Reading.of(event).value(field.text()))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> !text.isEmpty());
  }

  /** What the event was, for the record that somebody looked at it. */
  public static EventPage of(
      Frame frame,
      List<StoredEvent> events,
      String by,
      Optional<Surroundings> surroundings,
      ZoneId zone) {
    Clockface clock = new Clockface(zone);
    StoredEvent first = events.get(0);
    List<Link> tabs = new ArrayList<>();
    for (String name : AROUND.keySet()) {
      if (sharedValue(first, name).isPresent()) {
        String href = frame.links().event(first.eventId()) + "?by=" + name + "#around";
        tabs.add(new Link(Visible.of("same " + name), "same " + name, href, name.equals(by)));
      }
    }
    return new EventPage(
        frame,
        first.eventId(),
        events.stream().map(e -> new Reader(frame.links(), clock, e).sheet()).toList(),
        tabs,
        surroundings.map(s -> around(frame.links(), clock, first, s)));
  }

  private static Around around(
      Links links, Clockface clock, StoredEvent event, Surroundings surroundings) {
    List<Row> rows =
        surroundings.events().stream()
            .map(e -> Row.of(e, clock, links, event.documentId()))
            .toList();
    String query = QueryEdit.text(new Query.Match(surroundings.by(), surroundings.value()));
    return new Around(
        surroundings.by().text(),
        Visible.of(surroundings.value()),
        rows,
        links.search(query, "now-400d"));
  }

  /** Reads one event for the page. */
  private static final class Reader {
    private final Links links;
    private final Clockface clock;
    private final StoredEvent stored;
    private final Reading event;

    Reader(Links links, Clockface clock, StoredEvent stored) {
      this.links = links;
      this.clock = clock;
      this.stored = stored;
      event = Reading.of(stored);
    }

    Sheet sheet() {
      return new Sheet(
          stored.documentId(),
          Mark.of(event),
          Visible.of(event.text("message", "(no message)")),
          Visible.of(event.text("event.action").orElse("log line")),
          facts(),
          changes(),
          event.text("error.stack_trace").map(Visible::lines),
          fields(),
          envelope(),
          warnings(),
          Visible.lines(Reading.rawText(stored)),
          Numbers.grouped(stored.original().length),
          HexFormat.of().formatHex(ChainLink.hash(stored.original())));
    }

    private List<Fact> facts() {
      List<Fact> facts = new ArrayList<>();
      facts.add(who());
      facts.add(what());
      target().ifPresent(facts::add);
      facts.add(
          new Fact(
              "When",
              Visible.of(clock.millisecond(stored.time()) + " " + clock.zoneName()),
              Optional.empty(),
              event.text("@timestamp").map(Visible::of)));
      facts.add(component());
      from().ifPresent(facts::add);
      facts.add(result());
      request().ifPresent(facts::add);
      return facts;
    }

    private Fact who() {
      String id = event.text("user.id", "?");
      String name = event.text("user.name").map(n -> n + " (" + id + ")").orElse(id);
      String note =
          joined(
              event.text("audit.actor.type").filter(type -> !type.equals("user")),
              event.text("user.roles"),
              event.text("user.email"),
              event.text("user.effective.id").map(other -> "acting as " + other));
      return fact("Who", name, note, search("user.id", id));
    }

    private Fact what() {
      String action = event.text("event.action").orElse(event.text("log.logger", "log line"));
      String note = joined(event.text("event.category"), event.text("event.type"));
      String field = event.text("event.action").isPresent() ? "event.action" : "log.logger";
      return fact("What", action, note, search(field, action));
    }

    private Optional<Fact> target() {
      return event
          .text("audit.target.id")
          .map(
              id -> {
                String type = event.text("audit.target.type").map(t -> t + " ").orElse("");
                String name = event.text("audit.target.name").map(n -> " “" + n + "”").orElse("");
                return fact(
                    "To which",
                    type + id + name,
                    joined(event.text("audit.target.related").map(r -> "also " + r)),
                    search("audit.target.id", id));
              });
    }

    private Fact component() {
      String service = event.text("service.name", "?");
      String value = service + " in " + event.text("service.environment", "?");
      String note =
          joined(
              event.text("service.version").map(v -> "version " + v),
              event.text("service.node.name").or(() -> event.text("host.name")),
              event.text("process.pid").map(pid -> "process " + pid));
      return fact("In", value, note, search("service.name", service));
    }

    private Optional<Fact> from() {
      Optional<String> ip = event.text("client.ip").or(() -> event.text("source.ip"));
      return ip.map(
          address ->
              fact(
                  "From",
                  address,
                  joined(event.text("user_agent.original")),
                  search("client.ip", address)));
    }

    private Fact result() {
      boolean isLog = event.text("event.dataset", "").equals("log");
      String value = isLog ? event.text("log.level", "?") : event.text("event.outcome", "unknown");
      String note =
          joined(
              event.text("event.reason"),
              event.text("error.code"),
              event.text("error.type"),
              event.text("error.message"),
              event.text("http.response.status_code").map(code -> "HTTP " + code),
              event
                  .number("event.duration")
                  .map(nanos -> "took " + Clockface.length(Duration.ofNanos(nanos))));
      return fact("Result", value, note, Optional.empty());
    }

    private Optional<Fact> request() {
      return event
          .text("trace.id")
          .map(
              trace -> {
                String request =
                    joined(event.text("http.request.method"), event.text("url.path"))
                        .replace(" · ", " ");
                return fact("Trace", trace, request, Optional.of(links.trace(trace)));
              });
    }

    private static Fact fact(String name, String value, String note, Optional<String> href) {
      return new Fact(
          name,
          Visible.of(value),
          href,
          Optional.of(note).filter(text -> !text.isEmpty()).map(Visible::of));
    }

    private Optional<String> search(String field, String value) {
      Query query = new Query.Match(FieldName.of(field), value);
      return Optional.of(links.search(QueryEdit.text(query)));
    }

    @SafeVarargs // the arguments are only read
    private static String joined(Optional<String>... parts) {
      List<String> texts = new ArrayList<>();
      for (Optional<String> part : parts) {
        part.ifPresent(texts::add);
      }
      return String.join(" · ", texts);
    }

    private List<Change> changes() {
      Map<?, ?> before = object("audit.change.before");
      Map<?, ?> after = object("audit.change.after");
      Map<Object, Boolean> fields = new LinkedHashMap<>();
      before.keySet().forEach(key -> fields.put(key, true));
      after.keySet().forEach(key -> fields.put(key, true));
      List<Change> changes = new ArrayList<>();
      for (Object field : fields.keySet()) {
        changes.add(
            new Change(Visible.of(field.toString()), value(before, field), value(after, field)));
      }
      return changes;
    }

    private Map<?, ?> object(String name) {
      return event
          .value(name)
          .filter(Map.class::isInstance)
          .<Map<?, ?>>map(Map.class::cast)
          .orElse(Map.of());
    }

    private static Optional<Visible> value(Map<?, ?> values, Object field) {
      return values.containsKey(field)
          ? Optional.of(Visible.lines(Reading.textOf(values.get(field))))
          : Optional.empty();
    }

    private List<Fact> fields() {
      return event.leaves().stream()
          .map(
              leaf ->
                  new Fact(
                      Visible.plain(leaf.name()),
                      Visible.lines(leaf.value()),
                      Optional.empty(),
                      Optional.empty()))
          .toList();
    }

    private List<Fact> envelope() {
      Map<String, String> envelope = new LinkedHashMap<>();
      envelope.put("event.id", stored.eventId());
      envelope.put("event.sequence", String.valueOf(stored.position().sequence()));
      envelope.put("agent.ephemeral_id", stored.position().stream().toString());
      envelope.put("event.ingested", Clockface.iso(stored.ingested()));
      envelope.put("event.hash", stored.hash());
      envelope.put("event.agent_id_status", stored.agentIdStatus().text());
      envelope.put("ledger.log", stored.log().log());
      envelope.put("ledger.offset", String.valueOf(stored.log().offset()));
      List<Fact> facts = new ArrayList<>();
      envelope.forEach((name, value) -> facts.add(fact(name, value, "", Optional.empty())));
      return facts;
    }

    private List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      if (!stored.plausibleTime()) {
        warnings.add(
            "The time in this event is implausible: its sender's clock is wrong. It is listed by the"
                + " time it arrived.");
      }
      if (stored.agentIdStatus() == AgentIdStatus.MISMATCH) {
        warnings.add("The sender's token names another component than the event does.");
      }
      if (event.text("audit.truncated", "").equals("true")) {
        warnings.add(
            "The event was too large and was shortened when it was recorded; it had "
                + event.number("audit.original.size").map(Numbers::grouped).orElse("?")
                + " bytes.");
      }
      String hash = HexFormat.of().formatHex(ChainLink.hash(stored.original()));
      if (!hash.startsWith(Objects.requireNonNullElse(stored.hash(), "?"))) {
        warnings.add("The bytes do not have the hash under which they were stored.");
      }
      return warnings;
    }
  }
}
