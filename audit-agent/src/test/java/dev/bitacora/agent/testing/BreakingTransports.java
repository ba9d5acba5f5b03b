package dev.bitacora.agent.testing;

import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.wire.WireRecord;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A real way out that throws what it is told to, once each: when a connection is opened, when
 * records are sent behind some that have been, and when it is closed.
 */
public final class BreakingTransports implements TransportFactory {
  private final TransportFactory sound;
  private final Queue<Error> onOpen = new ConcurrentLinkedQueue<>();
  private final Queue<Error> onSend = new ConcurrentLinkedQueue<>();
  private final Queue<Error> onClose = new ConcurrentLinkedQueue<>();

  public BreakingTransports(TransportFactory sound) {
    this.sound = sound;
  }

  public BreakingTransports onOpen(Error error) {
    onOpen.add(error);
    return this;
  }

  public BreakingTransports onSend(Error error) {
    onSend.add(error);
    return this;
  }

  public BreakingTransports onClose(Error error) {
    onClose.add(error);
    return this;
  }

  /** How many errors have not been thrown yet. */
  public int left() {
    return onOpen.size() + onSend.size() + onClose.size();
  }

  private static void throwNext(Queue<Error> errors) {
    Error error = errors.poll();
    if (error != null) {
      throw error;
    }
  }

  @Override
  public Transport open() throws DeliveryFailure {
    throwNext(onOpen);
    return new Breaking(sound.open());
  }

  @Override
  public String destination() {
    return sound.destination();
  }

  private final class Breaking implements Transport {
    private final Transport transport;

    Breaking(Transport transport) {
      this.transport = transport;
    }

    @Override
    public int pipelineDepth() {
      return transport.pipelineDepth();
    }

    @Override
    public CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure {
      CompletableFuture<Long> answer = transport.send(records);
      throwNext(onSend);
      return answer;
    }

    @Override
    public void close() {
      transport.close();
      throwNext(onClose);
    }
  }
}
