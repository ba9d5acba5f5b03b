package dev.bitacora.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.intake.IntakeLog;
import dev.bitacora.collector.intake.IntakeRecord;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.ItemResult;
import dev.bitacora.collector.support.TestClock;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events of alarms, through an intake whose log takes nothing for a while. */
final class AlarmTrailTest implements IntakeLog {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);

  /** By id, as a store keeps them; guarded by itself. */
  private final Map<String, AuditEvent> kept = new LinkedHashMap<>();

  private volatile boolean takes = true;
  private volatile boolean loses;
  private final AtomicInteger refused = new AtomicInteger();
  private AlarmTrail trail;

  @BeforeEach
  void start() throws Exception {
    DeadLetterFiles letters = new DeadLetterFiles(folder);
    letters.start();
    trail =
        new AlarmTrail(
            new IntakeService(this, letters, new Accounts(), position -> Optional.empty(), clock));
    board.listen(trail);
    trail.start();
  }

  @AfterEach
  void stop() {
    trail.close();
  }

  @Override
  public List<ItemResult> append(List<IntakeRecord> records) throws IntakeUnavailableException {
    if (takes || loses) {
      synchronized (kept) {
        records.forEach(r -> kept.put(r.record().position().eventId(), r.event()));
      }
    }
    if (!takes) {
      refused.incrementAndGet();
      throw new IntakeUnavailableException("not now");
    }
    return records.stream()
        .map(r -> new ItemResult(ItemResult.Status.ACCEPTED, r.record().position().eventId(), ""))
        .toList();
  }

  private List<AuditEvent> recorded() {
    synchronized (kept) {
      return kept.values().stream().filter(e -> e.dataset() == Dataset.AUDIT).toList();
    }
  }

  private void happens(String name) {
    board.fire(new Alarm(name, Severity.CRITICAL, Map.of("service", "billing"), "look there"));
    clock.forward(Duration.ofMinutes(5));
    board.resolve(name, Map.of("service", "billing"));
  }

  private void awaitEvents(int count) {
    await().atMost(LONG).untilAsserted(() -> assertThat(recorded()).hasSize(count));
  }

  @Test
  void beginAndEnd_areAuditEvents() {
    happens("BitacoraStreamGap");
    awaitEvents(2);
    AuditEvent began = recorded().get(0);
    assertThat(began.text("event.action")).contains("bitacora.alarm.firing");
    assertThat(began.text("event.kind")).contains("alert");
    assertThat(began.text("message")).contains("BitacoraStreamGap: look there");
    assertThat(began.text("audit.target.id")).contains("BitacoraStreamGap");
    assertThat(began.text("labels.severity")).contains("critical");
    assertThat(began.text("labels.service")).contains("billing");
    assertThat(began.text("service.name")).contains("bitacora-collector");
    assertThat(began.text("audit.class")).contains("mandatory");
    AuditEvent over = recorded().get(1);
    assertThat(over.text("event.action")).contains("bitacora.alarm.resolved");
    assertThat(Duration.between(began.timestamp(), over.timestamp())).hasMinutes(5);
    assertThat(over.text("audit.details.starts_at")).contains(began.timestamp().toString());
  }

  @Test
  void intakeThatTakesNothing_isAskedUntilItDoes_andNothingStandsThereTwice() {
    takes = false;
    loses = true; // what it took before it said no is there when it is asked again
    happens("First");
    happens("Second");
    await().atMost(LONG).until(() -> refused.get() >= 3);
    takes = true;
    awaitEvents(4);
    assertThat(recorded())
        .extracting(event -> event.text("audit.target.id").orElseThrow())
        .containsExactly("First", "First", "Second", "Second");
  }

  @Test
  void close_waitsNotForAnIntakeThatIsAway() {
    takes = false;
    happens("First");
    await().atMost(LONG).until(() -> refused.get() >= 1);
    trail.close();
    await().atMost(LONG).until(() -> !trail.alive());
    assertThat(recorded()).isEmpty();
  }
}
