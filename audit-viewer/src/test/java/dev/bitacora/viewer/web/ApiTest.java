package dev.bitacora.viewer.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.viewer.access.NewToken;
import dev.bitacora.viewer.access.Role;
import dev.bitacora.viewer.testing.Client;
import dev.bitacora.viewer.testing.Client.Answer;
import dev.bitacora.viewer.testing.Journal;
import dev.bitacora.viewer.testing.Samples;
import dev.bitacora.viewer.testing.ViewerFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over HTTP, against a real store. */
class ApiTest {
  private static final int EVENTS = 700;

  @TempDir static Path directory;
  private static ViewerFixture viewer;
  private static final List<String> IDS = new ArrayList<>();
  private static Instant now;
  private Client auditor;

  @BeforeAll
  static void start() {
    viewer = new ViewerFixture(directory);
    now = Instant.now();
    Samples samples = new Samples(now);
    Journal journal = new Journal();
    samples.day(EVENTS).forEach(event -> IDS.add(journal.add(event)));
    samples.request().forEach(event -> IDS.add(journal.add(event)));
    journal.writeTo(viewer.store());
  }

  @AfterAll
  static void stop() {
    viewer.close();
  }

  @BeforeEach
  void signIn() {
    auditor = viewer.auditor();
    viewer.log().clear();
  }

  @Test
  void events_pagedToTheEnd_areAllOfThemOnceAndRecordedAsOneSearch() {
    Set<String> found = new HashSet<>();
    String after = "";
    int pages = 0;
    do {
      Answer answer = auditor.get("/api/v1/events?size=100" + after);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json())
          .containsEntry("total", (long) IDS.size())
          .containsEntry("complete", true);
      for (Map<?, ?> event : events(answer)) {
        assertThat(found.add(event.get("id").toString())).isTrue();
      }
      Object next = answer.json().get("next");
      after = next == null ? "" : "&after=" + next;
      pages++;
    } while (!after.isEmpty());
    assertThat(found).containsExactlyInAnyOrderElementsOf(IDS);
    assertThat(pages).isEqualTo(8);
    assertThat(viewer.log().actions()).containsExactly("audit.search");
  }

  @Test
  void events_withACursorOfASearchNobodyRecorded_areRecorded() {
    String next = auditor.get("/api/v1/events?size=1").json().get("next").toString();
    Client other =
        viewer.client().withToken(viewer.access().createToken(NewToken.of(Role.READER, "other")));
    viewer.log().clear();
    assertThat(other.get("/api/v1/events?size=1&after=" + next).status()).isEqualTo(200);
    assertThat(auditor.get("/api/v1/events?q=ann&size=1&after=" + next).status()).isEqualTo(200);
    assertThat(viewer.log().actions()).containsExactly("audit.search", "audit.search");
  }

  @Test
  void anEvent_hasTheExactTextThatWasStored() {
    Answer answer = auditor.get("/api/v1/events?q=action:invoice.approve&size=1");
    Map<?, ?> event = events(answer).get(0);
    byte[] original = event.get("original").toString().getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(ChainLink.hash(original)).substring(0, 16);
    assertThat(event.get("document_id")).isEqualTo(event.get("id") + "." + hash);
    assertThat(((Map<?, ?>) event.get("event")).get("event"))
        .asString()
        .contains("invoice.approve");
    assertThat(event.get("time_status")).isEqualTo("plausible");
    assertThat(event.get("agent_id_status")).isEqualTo("verified");
    assertThat(event.get("ledger")).asString().contains("bitacora.audit/0");
  }

  @Test
  void oneEvent_isFoundByItsIdAndTheViewIsRecorded() {
    Answer answer = auditor.get("/api/v1/events/" + IDS.get(3));
    assertThat(answer.json()).containsEntry("total", 1L);
    assertThat(events(answer).get(0).get("id")).isEqualTo(IDS.get(3));
    assertThat(viewer.log().records())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.action()).isEqualTo("audit.view");
              assertThat(record.target().orElseThrow().id()).isEqualTo(IDS.get(3));
              assertThat(record.isService()).isTrue();
            });
  }

  @Test
  void twoEventsOfOneId_areBothShown() {
    Journal journal = new Journal();
    Instant earlier = now.minus(Duration.ofDays(20));
    AuditEvent real = Samples.event("vault.open", "bank", earlier).build();
    AuditEvent forged = Samples.event("vault.open", "bank", earlier).label("forged", "yes").build();
    String id = journal.add(real, AgentIdStatus.VERIFIED, 7);
    journal.add(forged, AgentIdStatus.MISMATCH, 7);
    journal.writeTo(viewer.store());
    assertThat(auditor.get("/api/v1/events/" + id).json()).containsEntry("total", 2L);
    assertThat(auditor.get("/events/" + id).body()).contains("Several different events");
  }

  @Test
  void aTrace_hasEverythingOfOneRequestInOrder() {
    Answer answer = auditor.get("/api/v1/traces/" + Samples.TRACE);
    assertThat(answer.json()).containsEntry("total", 6L);
    assertThat(events(answer)).extracting(event -> event.get("time").toString()).isSorted();
    assertThat(viewer.log().actions()).containsExactly("audit.trace");
  }

  @Test
  void facets_countValuesOfTheFieldsAskedFor() {
    Map<String, Object> json =
        auditor.get("/api/v1/facets?q=service:api&field=action,actor&field=outcome&size=2").json();
    Map<?, ?> facets = (Map<?, ?>) json.get("facets");
    assertThat(facets.keySet())
        .map(Object::toString)
        .containsExactly("event.action", "user.id", "event.outcome");
    assertThat((List<?>) facets.get("event.action")).hasSize(2);
  }

  @Test
  void histogram_countsEveryEventOnce() {
    Map<String, Object> json =
        auditor.get("/api/v1/histogram?interval=1h&q=trace:" + Samples.TRACE).json();
    long total =
        ((List<?>) json.get("buckets"))
            .stream().mapToLong(bucket -> (Long) ((Map<?, ?>) bucket).get("total")).sum();
    assertThat(total).isEqualTo(6);
    assertThat(json).containsEntry("interval_ms", 3_600_000L);
  }

  @Test
  void times_mayBeRelativeAbsoluteOrLocal() {
    for (String time :
        List.of(
            "from=now-25h&to=now%2B1h",
            "from=" + now.minus(Duration.ofHours(25)),
            "from=" + now.minus(Duration.ofDays(2)).toString().substring(0, 10),
            "from="
                + now.minus(Duration.ofDays(2)).toString().substring(0, 19)
                + "&tz=Europe/Madrid")) {
      assertThat((Long) auditor.get("/api/v1/events?size=1&" + time).json().get("total"))
          .as(time)
          .isGreaterThanOrEqualTo(EVENTS);
    }
    assertThat(auditor.get("/api/v1/events?from=now-2s&to=now-1s").json())
        .containsEntry("total", 0L);
  }

  @Test
  void badParameters_areNamedWithWhatWasExpected() {
    bad("qq=x", "qq", "did you mean q?");
    bad("fron=now-1h", "fron", "did you mean from?");
    bad("q=actor:", "q", "expected a value");
    bad("q=actr:ann", "q", "did you mean actor?");
    bad("from=yesterday", "from", "now-24h");
    bad("from=now&to=now-1h", "to", "ends before it begins");
    bad("tz=Mars/Olympus", "tz", "Europe/Madrid");
    bad("sort=up", "sort", "newest or oldest");
    bad("size=501", "size", "from 1 to 500");
    bad("size=1&size=2", "size", "once");
    bad("after=zzz", "after", "unchanged");
    bad("after=MX4yfm5vdC1hLWN1cnNvcg", "after", "cursor");
    assertThat(auditor.get("/api/v1/facets?field=message").json().get("detail"))
        .asString()
        .contains("message has no values to count");
    assertThat(auditor.get("/api/v1/histogram?interval=1s&from=now-7d").status()).isEqualTo(400);
  }

  private void bad(String parameters, String name, String detail) {
    Answer answer = auditor.get("/api/v1/events?" + parameters);
    assertThat(answer.status()).as(parameters).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json()).as(parameters).containsEntry("parameter", name);
    assertThat(answer.json().get("detail")).asString().contains(detail);
  }

  @Test
  void aMalformedQuery_isA400WithItsColumn() {
    assertThat(auditor.get("/api/v1/events?q=" + Client.encode("ann and (bob")).json())
        .containsEntry("column", 9L)
        .containsEntry("status", 400L)
        .containsEntry("title", "Bad parameter");
  }

  @Test
  void unknownAddresses_andMethods_areProblems() {
    Answer missing = auditor.get("/api/v1/nothing");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.header("Content-Type")).startsWith("application/problem+json");
    Answer method = auditor.post("/api/v1/events", "text/plain", "x");
    assertThat(method.status()).isEqualTo(405);
    Answer noEvent = auditor.get("/api/v1/events/no-such-id");
    assertThat(noEvent.status()).isEqualTo(404);
    assertThat(auditor.get("/api/v1/traces/no-such-trace").status()).isEqualTo(404);
  }

  @Test
  void theIntake_knowsItsSendersAndNobodyElse() {
    Client component =
        viewer.client().withToken(viewer.access().createToken(NewToken.component("api")));
    String line = "{\"event\":{\"action\":\"a\"},\"message\":\"m\"}\n";
    String type = "application/x-ndjson";
    assertThat(component.post("/api/v1/intake", type, line).status()).isEqualTo(200);
    Answer nobody = viewer.client().post("/api/v1/intake", type, line);
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.header("WWW-Authenticate")).startsWith("Bearer");
    Answer reader = auditor.post("/api/v1/intake", type, line);
    assertThat(reader.status()).isEqualTo(403);
    assertThat(reader.header("Content-Type")).startsWith("application/problem+json");
    assertThat(component.get("/api/v1/events").status()).isEqualTo(403);
    assertThat(viewer.log().actions()).containsExactly("authz_fail", "authz_fail", "authz_fail");
  }

  @Test
  void aScope_hidesEverythingOutsideIt() throws Exception {
    NewToken scoped =
        new NewToken(Role.AUDITOR, "team", Query.parse("service:api"), Optional.empty());
    Client team = viewer.client().withToken(viewer.access().createToken(scoped));
    Map<?, ?> outside = events(auditor.get("/api/v1/events?q=service:cache&size=1")).get(0);
    Map<?, ?> inside = events(auditor.get("/api/v1/events?q=service:api&size=1")).get(0);

    assertThat(team.get("/api/v1/events/" + outside.get("id")).status()).isEqualTo(404);
    assertThat(team.get("/events/" + outside.get("id")).status()).isEqualTo(404);
    assertThat(team.get("/api/v1/events/" + inside.get("id")).status()).isEqualTo(200);
    assertThat(team.get("/api/v1/events?q=service:cache").json()).containsEntry("total", 0L);
    assertThat(team.get("/api/v1/traces/" + Samples.TRACE).json()).containsEntry("total", 2L);
    assertThat(team.get("/api/v1/facets?field=service").json().get("facets"))
        .asString()
        .contains("api")
        .doesNotContain("cache");
    assertThat(team.get("/api/v1/histogram?q=service:cache").json().get("buckets"))
        .asString()
        .isEqualTo("[]");
    assertThat(team.get("/events?q=service:cache").body()).contains("Nothing was found");
  }

  @Test
  void anExpiredToken_isUnknown() {
    NewToken old =
        new NewToken(Role.READER, "old", Query.ALL, Optional.of(Instant.now().minusSeconds(1)));
    Client client = viewer.client().withToken(viewer.access().createToken(old));
    assertThat(client.get("/api/v1/events").status()).isEqualTo(401);
  }

  @Test
  void countsAlone_areSearchesToo() {
    auditor.get("/api/v1/facets?q=ann");
    auditor.get("/api/v1/histogram?q=ann");
    assertThat(viewer.log().records())
        .extracting(record -> record.action() + " " + record.details().get("counts"))
        .containsExactly("audit.search facets", "audit.search histogram");
  }

  private static List<Map<?, ?>> events(Answer answer) {
    List<Map<?, ?>> events = new ArrayList<>();
    ((List<?>) answer.json().get("events")).forEach(event -> events.add((Map<?, ?>) event));
    return events;
  }
}
