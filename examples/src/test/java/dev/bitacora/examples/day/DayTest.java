package dev.bitacora.examples.day;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.examples.component.ReceiptFile;
import dev.bitacora.examples.component.Recorded;
import dev.bitacora.examples.landscape.Deployed;
import dev.bitacora.examples.landscape.Landscape;
import dev.bitacora.examples.testing.Intake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DayTest {
  private final Intake intake = new Intake();

  @TempDir private Path receipts;

  @AfterEach
  void close() {
    intake.close();
  }

  private Landscape embedded() {
    return Landscape.embedded(
        (component, environment) -> intake.variables(), Optional.of(receipts));
  }

  private Map<String, byte[]> receipts(List<Deployed> components) throws IOException {
    Map<String, byte[]> lines = new HashMap<>();
    for (Deployed component : components) {
      ReceiptFile.read(
          component.receipts().orElseThrow(), line -> lines.put(line.eventId(), line.bytes()));
    }
    return lines;
  }

  /** Everything that was recorded arrived, and nothing else, byte for byte. */
  private void assertArrived(Map<String, byte[]> receipts) {
    assertThat(intake.events()).hasSameSizeAs(receipts.keySet());
    Map<String, byte[]> values = intake.values();
    receipts.forEach((id, bytes) -> assertThat(values.get(id)).as(id).isEqualTo(bytes));
  }

  @Test
  void recordExactly_makesARealisticDayOfExactlyThatManyRecords() throws Exception {
    List<Deployed> components;
    try (Landscape landscape = embedded();
        Day day = new Day(landscape.components(), 1)) {
      components = landscape.components();
      Recorded recorded = day.recordExactly(5000);

      assertThat(recorded.total()).isEqualTo(5000);
      assertThat(recorded.refused()).isZero();
      assertThat(recorded.logLines()).isPositive();
    }
    Map<String, byte[]> receipts = receipts(components);
    assertThat(receipts).hasSize(5000);
    assertArrived(receipts);
    assertItLooksLikeARealDay(intake.events());
  }

  private static void assertItLooksLikeARealDay(List<AuditEvent> events) {
    assertThat(texts(events, "service.environment")).containsExactlyInAnyOrder("dev", "uat", "prd");
    assertThat(texts(events, "service.name"))
        .containsExactlyInAnyOrder("api", "cache", "assistant", "batch");
    assertThat(texts(events, "event.outcome")).contains("success", "failure");
    assertThat(texts(events, "log.level")).contains("DEBUG", "INFO", "WARN", "ERROR");
    assertThat(texts(events, "user.name")).contains("Ann Lee", "José Pereira", "Mei Chen");
    assertThat(texts(events, "event.action"))
        .contains(
            "invoice.create",
            "invoice.change",
            "invoice.approve",
            "invoice.reject",
            "authn_login_success",
            "authn_login_fail",
            "authz_fail",
            "sensitive_read",
            "cache.clean",
            "export.run",
            "deployment.finish",
            "http.request");
    List<AuditEvent> ofDevApi =
        events.stream()
            .filter(e -> e.text("service.name").equals(Optional.of("api")))
            .filter(e -> e.text("service.environment").equals(Optional.of("dev")))
            .toList();
    assertThat(texts(ofDevApi, "service.version")).containsExactlyInAnyOrder("1.6.0", "1.7.0");
  }

  private static Set<String> texts(List<AuditEvent> events, String field) {
    return events.stream()
        .flatMap(event -> event.texts(field).stream())
        .collect(Collectors.toSet());
  }

  @Test
  void oneRequest_crossesTheComponentsWithOneTrace() throws Exception {
    try (Landscape landscape = embedded();
        Day day = new Day(landscape.components(), 2)) {
      day.recordExactly(1000);
    }
    AuditEvent created = intake.events("invoice.create").get(0);
    List<AuditEvent> sameTrace =
        intake.events().stream()
            .filter(event -> event.text("trace.id").equals(created.text("trace.id")))
            .toList();

    assertThat(texts(sameTrace, "service.name")).contains("api", "assistant", "cache");
    assertThat(texts(sameTrace, "event.dataset")).containsExactlyInAnyOrder("audit", "log");
    assertThat(texts(sameTrace, "user.id")).contains(created.text("user.id").orElseThrow());
    assertThat(texts(sameTrace, "span.id")).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void processes_doTheSame() throws Exception {
    List<Deployed> components;
    try (Landscape landscape =
            Landscape.processes(
                (component, environment) -> intake.variables(),
                Optional.of(receipts),
                System.getProperty("java.class.path"));
        Day day = new Day(landscape.components(), 3)) {
      components = landscape.components();
      assertThat(day.recordExactly(1000).total()).isEqualTo(1000);
    }
    Map<String, byte[]> receipts = receipts(components);
    assertThat(receipts).hasSize(1000);
    assertArrived(receipts);
    assertThat(texts(intake.events(), "process.pid")).hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void recordExactly_lessThanIsThereAlready_isRefused() {
    try (Landscape landscape = embedded();
        Day day = new Day(landscape.components(), 4)) {
      assertThatThrownBy(() -> day.recordExactly(5)).hasMessageContaining("by starting");
    }
  }

  @Test
  void noVisit_recordsMoreThanItsLimit() {
    try (Landscape landscape = embedded();
        Day day = new Day(landscape.components(), 5)) {
      Site site = Site.of("prd", landscape.components());
      SplittableRandom random = new SplittableRandom(6);
      Browser browser = new Browser();
      long before = day.recorded().total();
      for (int visit = 0; visit < 150; visit++) {
        new Visit(browser, site, random).play();
        long after = day.recorded().total();
        assertThat(after - before).isBetween(1L, (long) Visit.MAX_RECORDS);
        before = after;
      }
    }
  }

  @Test
  void run_goesOnUntilClosed() throws Exception {
    Thread running;
    try (Landscape landscape = embedded();
        Day day = new Day(landscape.components(), 7)) {
      long before = day.recorded().total();
      running = new Thread(day::run);
      running.start();
      await().atMost(Duration.ofSeconds(30)).until(() -> day.recorded().total() > before + 20);
    }
    running.join(Duration.ofSeconds(30).toMillis());

    assertThat(running.isAlive()).isFalse();
  }

  @Test
  void recordHistory_isDatedBack() {
    Instant begin = Instant.now();
    try (Landscape landscape = embedded();
        Day day = new Day(landscape.components(), 8)) {
      day.recordHistory(Duration.ofHours(8));
    }
    List<AuditEvent> old =
        intake.events().stream().filter(e -> e.timestamp().isBefore(begin)).toList();
    assertThat(old).hasSizeGreaterThan(1500);
    assertThat(old)
        .extracting(AuditEvent::timestamp)
        .allMatch(time -> time.isAfter(begin.minus(Duration.ofHours(9))));
    assertThat(texts(old, "event.dataset")).containsExactlyInAnyOrder("audit", "log");
  }
}
