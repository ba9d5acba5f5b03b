package dev.bitacora.cli.service;

import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.core.wire.WireRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Delivers into the collector of this process: what the embedded service records about itself. */
final class InProcessTransport implements Transport {
  private final IntakeService intake;
  private final Sender sender;

  private InProcessTransport(IntakeService intake, Sender sender) {
    this.intake = intake;
    this.sender = sender;
  }

  /** Connections into this intake. */
  static TransportFactory to(IntakeService intake, Sender sender) {
    return new TransportFactory() {
      @Override
      public Transport open() {
        return new InProcessTransport(intake, sender);
      }

      @Override
      public String destination() {
        return "this process";
      }
    };
  }

  @Override
  public int pipelineDepth() {
    return 1;
  }

  @Override
  public CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure {
    try {
      intake.append(records, sender);
      return CompletableFuture.completedFuture(
          records.get(records.size() - 1).position().sequence());
    } catch (IntakeUnavailableException e) {
      throw DeliveryFailure.retry(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    // nothing is on its way: send() returns when everything is durable
  }
}
