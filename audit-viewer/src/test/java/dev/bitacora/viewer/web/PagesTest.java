package dev.bitacora.viewer.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.viewer.testing.Client;
import dev.bitacora.viewer.testing.Client.Answer;
import dev.bitacora.viewer.testing.Journal;
import dev.bitacora.viewer.testing.Samples;
import dev.bitacora.viewer.testing.ViewerFixture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages' HTML. */
class PagesTest {
  private static final int EVENTS = 300;

  @TempDir static Path directory;
  private static ViewerFixture viewer;
  private static final Map<String, String> ids = new HashMap<>();
  private Client auditor;

  @BeforeAll
  static void start() {
    viewer = new ViewerFixture(directory);
    Samples samples = new Samples(Instant.now());
    Journal journal = new Journal();
    samples.day(EVENTS).forEach(journal::add);
    samples
        .request()
        .forEach(
            event -> {
              String action = event.build().text("event.action").orElse("log");
              ids.put(action, journal.add(event));
            });
    journal.add(
        AuditEvent.builder(Dataset.CONTROL)
            .action("agent.heartbeat")
            .set("user.id", "system")
            .set("service.name", "api")
            .set("service.environment", "prd"));
    ids.put(
        "mismatch",
        journal.add(Samples.event("x.y", "api", Instant.now()).build(), AgentIdStatus.MISMATCH));
    ids.put("odd", journal.add(Samples.event("odd.time", "api", Instant.EPOCH)));
    journal.writeTo(viewer.store());
  }

  @AfterAll
  static void stop() {
    viewer.close();
  }

  @BeforeEach
  void signIn() {
    auditor = viewer.auditor();
  }

  @Test
  void events_withoutParameters_showEventsAndLogLinesButNoControlRecords() {
    Document page = page("/events?size=500");
    assertThat(page.select("#q").val()).isEqualTo("not event.dataset:control");
    assertThat(page.select("#total").text()).isEqualTo(EVENTS + 8 + " events");
    assertThat(page.text()).doesNotContain("agent.heartbeat");
    assertThat(page.select("tr.log")).isNotEmpty();
    assertThat(page("/events?q=").select("#total").text()).isEqualTo(EVENTS + 9 + " events");
  }

  @Test
  void paging_reachesEveryEventOnce() {
    Set<String> seen = new HashSet<>();
    String next = "/events?size=100";
    int pages = 0;
    while (!next.isEmpty()) {
      Document page = page(next);
      page.select("a.sentence").forEach(row -> assertThat(seen.add(row.attr("href"))).isTrue());
      next = page.select("a.next").attr("href");
      pages++;
    }
    assertThat(seen).hasSize(EVENTS + 8);
    assertThat(pages).isEqualTo(4);
  }

  @Test
  void aFacet_editsTheVisibleQuery() {
    Document page = page("/events");
    Element actor = page.select(".facets section:has(h2:contains(Actor)) li").first();
    Document included = page(actor.select(".include").attr("href"));
    String value = actor.select(".include").text();
    assertThat(included.select("#q").val())
        .isEqualTo("not event.dataset:control and actor:" + value);
    assertThat(included.select("#total").text())
        .startsWith(actor.select(".count").text() + " event");
    assertThat(included.select(".chips li")).hasSize(2);
    Document excluded = page(actor.select(".exclude").attr("href"));
    assertThat(excluded.select("#q").val()).endsWith(" and not actor:" + value);
    Document undone = page(included.select(".facets li.on .include").first().attr("href"));
    assertThat(undone.select("#q").val()).isEqualTo("not event.dataset:control");
  }

  @Test
  void theHistogram_countsEveryEventAndEachBarOpensItsTime() {
    Document page = page("/events");
    Element bar = page.select(".plot a:has(rect.good)").first();
    Document zoomed = page(bar.attr("href"));
    String count = zoomed.select("#total").text().replaceAll("\\D.*", "");
    assertThat(bar.attr("aria-label")).contains(": " + count + " event");
  }

  @Test
  void aMalformedQuery_isShownWithItsColumn() {
    Answer answer = auditor.get("/events?q=" + Client.encode("ann and (bob"));
    assertThat(answer.status()).isEqualTo(400);
    Document page = Jsoup.parse(answer.body());
    assertThat(page.select("#q").val()).isEqualTo("ann and (bob");
    assertThat(page.select("#mistake").text()).contains("not closed").contains("column 9");
    assertThat(page.select("#mistake mark").text()).isEqualTo("(");
    assertThat(auditor.get("/events?qq=1").status()).isEqualTo(400);
    assertThat(auditor.get("/events?from=never").body()).contains("From is a time");
  }

  @Test
  void anEmptyAnswer_proposesWhatToWiden() {
    Document page = page("/events?q=actor:nobody+and+service:api&from=now-1h");
    assertThat(page.select(".empty").text())
        .contains("Nothing was found")
        .contains("the last 24 h")
        .contains("without actor:nobody");
    assertThat(
            page(page.select(".empty a:contains(without actor)").attr("href")).select("#q").val())
        .isEqualTo("service:api");
  }

  @Test
  void anEvent_showsWhoWhatWhenWhereResultAndWhatChanged() {
    Document page = page("/events/" + ids.get("invoice.approve"));
    assertThat(page.select(".facts").text())
        .contains("Who Ann Lee (ann)")
        .contains("What invoice.approve")
        .contains("To which invoice I-981")
        .contains("In api in prd")
        .contains("From 10.20.0.7")
        .contains("Result success");
    assertThat(page.select(".changes tbody tr").first().text())
        .isEqualTo("status pending → approved");
    assertThat(page.select(".raw").text()).startsWith("{\"@timestamp\":");
    assertThat(page.select(".fields").text()).contains("event.agent_id_status verified");
    assertThat(page.select("#around a.sentence")).hasSize(6);
    assertThat(page.select("#around tr.this")).hasSize(1);
  }

  @Test
  void theSurroundings_canBeByActorTargetOrTraceInOneView() {
    viewer.log().clear();
    Document page = page("/events/" + ids.get("invoice.approve"));
    assertThat(page.select(".tabs a").eachText())
        .containsExactly("same actor", "same target", "same trace");
    String target = page.select(".tabs a:contains(target)").attr("href");
    assertThat(page(target.replace("#around", "")).select("#around .sentence")).hasSize(3);
    assertThat(viewer.log().actions()).containsExactly("audit.view");
  }

  @Test
  void whatIsDoubtful_isSaidAboveTheEvent() {
    assertThat(page("/events/" + ids.get("mismatch")).select(".warning").text())
        .contains("another component");
    assertThat(page("/events/" + ids.get("odd")).select(".warning").text()).contains("implausible");
  }

  @Test
  void aTrace_listsEveryStepInOrder() {
    Document page = page("/traces/" + Samples.TRACE);
    assertThat(page.select(".steps tbody tr")).hasSize(6);
    assertThat(page.select(".lanes li").eachText())
        .containsExactly("api", "cache", "assistant", "batch");
    assertThat(page.select(".steps .time").eachText()).first().isEqualTo("+2.0 ms");
  }

  @Test
  void everyExampleOfTheHelp_runs() {
    Document help = page("/help");
    assertThat(help.select("td a")).hasSizeGreaterThan(10);
    for (Element example : help.select("td a")) {
      assertThat(auditor.get(example.attr("href")).status()).as(example.text()).isEqualTo(200);
    }
  }

  @Test
  void theZone_isShownAndChangesTheTimes() {
    Document utc = page("/events?size=1");
    Document madrid = page("/events?size=1&tz=Asia/Kolkata");
    assertThat(utc.select(".zone").text()).isEqualTo("UTC");
    assertThat(madrid.select(".zone").text()).isEqualTo("Asia/Kolkata");
    assertThat(madrid.select(".rows time").text()).isNotEqualTo(utc.select(".rows time").text());
    assertThat(madrid.select(".rows time").attr("datetime"))
        .isEqualTo(utc.select(".rows time").attr("datetime"));
  }

  @Test
  void everyPage_hasNamesForAllItsFieldsAndNoInlineCode() {
    for (String path :
        new String[] {
          "/events", "/events/" + ids.get("invoice.approve"), "/traces/" + Samples.TRACE, "/help"
        }) {
      Document page = page(path);
      assertThat(page.select("[style], [onclick], style, script:not([src])")).as(path).isEmpty();
      assertThat(page.select("html").attr("lang")).isEqualTo("en");
      assertThat(page.select("h1")).as(path).isNotEmpty();
      for (Element input : page.select("input:not([type=hidden])")) {
        boolean isNamed =
            input.closest("label") != null
                || !page.select("label[for=" + input.id() + "]").isEmpty();
        assertThat(isNamed).as(input.outerHtml()).isTrue();
      }
    }
  }

  private Document page(String path) {
    Answer answer = auditor.get(path.replace(" ", "%20"));
    assertThat(answer.status()).as(path).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }
}
