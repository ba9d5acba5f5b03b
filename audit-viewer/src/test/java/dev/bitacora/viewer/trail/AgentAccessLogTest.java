package dev.bitacora.viewer.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.viewer.trail.AccessRecord.Origin;
import dev.bitacora.viewer.trail.AccessRecord.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AgentAccessLogTest {
  private static final Origin ORIGIN =
      new Origin("203.0.113.9", "127.0.0.1", "GET", "/events", Optional.of("Firefox"));

  @Test
  void whatSomebodyDid_becomesAnAuditEventOfTheViewer() {
    AuditEvent event =
        sent(
            new AccessRecord(
                AccessRecord.VIEW,
                "ann",
                false,
                Outcome.SUCCESS,
                Optional.of(new Target("event", "id-1")),
                ORIGIN,
                "",
                Map.of("results", 7L)));
    assertThat(event.text("event.action")).hasValue("audit.view");
    assertThat(event.text("user.id")).hasValue("ann");
    assertThat(event.text("audit.actor.type")).hasValue("user");
    assertThat(event.text("audit.target.id")).hasValue("id-1");
    assertThat(event.text("event.outcome")).hasValue("success");
    assertThat(event.text("client.ip")).hasValue("203.0.113.9");
    assertThat(event.text("source.ip")).hasValue("127.0.0.1");
    assertThat(event.text("user_agent.original")).hasValue("Firefox");
    assertThat(event.text("audit.details.results")).hasValue("7");
    assertThat(event.text("audit.class")).hasValue("mandatory");
    assertThat(event.text("service.name")).hasValue("bitacora-viewer");
  }

  @Test
  void aDenial_isAFailureWithItsReason() {
    AuditEvent event =
        sent(
            new AccessRecord(
                "authz_fail",
                "token:abc",
                true,
                Outcome.FAILURE,
                Optional.empty(),
                ORIGIN,
                "needs role reader",
                Map.of()));
    assertThat(event.text("event.outcome")).hasValue("failure");
    assertThat(event.text("event.reason")).hasValue("needs role reader");
    assertThat(event.text("audit.actor.type")).hasValue("service");
  }

  private static AuditEvent sent(AccessRecord access) {
    CollectingTransport transport = new CollectingTransport();
    AuditConfig config =
        AuditConfig.builder()
            .component("bitacora-viewer")
            .environment("test")
            .quiet(true)
            .transport(transport)
            .build();
    try (AuditLog log = AuditLog.open(config)) {
      new AgentAccessLog(log).record(access);
    }
    return transport.events().stream()
        .filter(event -> event.text("event.action").equals(Optional.of(access.action())))
        .findFirst()
        .orElseThrow();
  }

  /** Accepts everything and keeps it. */
  private static final class CollectingTransport implements TransportFactory, Transport {
    private final List<WireRecord> records = new CopyOnWriteArrayList<>();

    List<AuditEvent> events() {
      return records.stream().map(CollectingTransport::event).toList();
    }

    private static AuditEvent event(WireRecord record) {
      try {
        return AuditEvent.parse(record.value());
      } catch (InvalidEventException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public Transport open() {
      return this;
    }

    @Override
    public String destination() {
      return "memory";
    }

    @Override
    public int pipelineDepth() {
      return 1;
    }

    @Override
    public CompletableFuture<Long> send(List<WireRecord> batch) {
      records.addAll(batch);
      return CompletableFuture.completedFuture(batch.get(batch.size() - 1).position().sequence());
    }

    @Override
    public void close() {
      // nothing is on its way
    }
  }
}
