package dev.bitacora.bench.collector;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.collector.AlarmSettings;
import dev.bitacora.collector.EmbeddedCollector;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The embedded store behind its intake, without a web server. Safe for any thread. */
final class EmbeddedService implements AutoCloseable {
  private static final Sender SENDER = new Sender("billing", Optional.empty());

  private final LuceneStore store;
  private final EmbeddedCollector collector;

  /** Opens it, empty or with what is there. */
  EmbeddedService(Path folder) {
    store = new LuceneStore(folder.resolve("index"), Retention.DEFAULT);
    store.start();
    FileStateStore state = new FileStateStore(folder.resolve("state"));
    state.start();
    collector =
        new EmbeddedCollector(
            store,
            Retention.DEFAULT,
            store.positions(),
            state,
            folder.resolve("dlq"),
            authorization -> new SenderAuthenticator.Unauthenticated(),
            AlarmSettings.NONE,
            "bench");
    try {
      collector.start();
    } catch (DeadLettersUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns when all are durable. */
  void append(List<WireRecord> records) throws IntakeUnavailableException {
    var unused = collector.intake().append(records, SENDER);
  }

  /** From an agent in this process. */
  static void measureDelays(Path folder, SearchDelays delays, double half) {
    try (EmbeddedService service = new EmbeddedService(folder.resolve("service"));
        AuditLog audit =
            AuditLog.open(
                AuditConfig.builder()
                    .component(SENDER.component())
                    .environment("prd")
                    .spoolDir(folder.resolve("spool"))
                    .transport(service.transports())
                    .quiet(true)
                    .build())) {
      delays.measure(audit, service.store, half);
    }
  }

  private TransportFactory transports() {
    return new TransportFactory() {
      @Override
      public Transport open() {
        return new ToIntake(collector.intake());
      }

      @Override
      public String destination() {
        return "this process";
      }
    };
  }

  private record ToIntake(IntakeService intake) implements Transport {
    @Override
    public int pipelineDepth() {
      return 1;
    }

    @Override
    public CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure {
      try {
        var unused = intake.append(records, SENDER);
        return CompletableFuture.completedFuture(
            records.get(records.size() - 1).position().sequence());
      } catch (IntakeUnavailableException e) {
        throw DeliveryFailure.retry(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      // nothing is on its way
    }
  }

  @Override
  public void close() {
    collector.close();
    store.close();
  }
}
