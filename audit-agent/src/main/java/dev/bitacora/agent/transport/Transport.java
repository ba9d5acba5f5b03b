package dev.bitacora.agent.transport;

import dev.bitacora.core.wire.WireRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to a destination. Used by one thread; after a failure it is closed and another one
 * is opened.
 */
public interface Transport extends AutoCloseable {
  /** Batches that may be on their way at once; they keep their order. */
  int pipelineDepth();

  /**
   * Sends records of one stream, in order. May block, even until the destination has answered; an
   * interrupt ends that, and the thread stays interrupted.
   *
   * @param records at least one
   * @return completes with the last number that the destination holds durably, or fails with a
   *     {@link DeliveryFailure}
   */
  CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure;

  /** Drops what is on its way; bounded, never throws. */
  @Override
  void close();
}
