package dev.bitacora.agent;

import dev.bitacora.agent.spool.Durability;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.Dataset;
import java.util.Optional;

/**
 * What became of one event, at once: accepted under its final id, or refused with the reason.
 * Immutable and safe for any thread.
 */
public final class Receipt {
  private static final byte[] NO_BYTES = {};

  private final Dataset dataset;

  /** Null when it was refused. */
  private final StreamPosition position;

  private final byte[] bytes;
  private final Durability durability;
  private final String reason;

  private Receipt(
      Dataset dataset,
      StreamPosition position,
      byte[] bytes,
      Durability durability,
      String reason) {
    this.dataset = dataset;
    this.position = position;
    this.bytes = bytes;
    this.durability = durability;
    this.reason = reason;
  }

  static Receipt accepted(
      Dataset dataset, StreamId stream, long sequence, byte[] bytes, Durability durability) {
    StreamPosition position = new StreamPosition(stream, sequence);
    return new Receipt(dataset, position, bytes, durability, "");
  }

  static Receipt refused(Dataset dataset, Durability durability, String reason) {
    return new Receipt(dataset, null, NO_BYTES, durability, reason);
  }

  /** The same event, of which more is known. */
  Receipt withDurability(Durability reached) {
    return new Receipt(dataset, position, bytes, reached, reason);
  }

  public boolean isAccepted() {
    return position != null;
  }

  /** The event's place in its stream; empty when it was refused. */
  public Optional<StreamPosition> position() {
    return Optional.ofNullable(position);
  }

  /** {@code event.id}, by which the viewer finds it; empty when it was refused. */
  public Optional<String> eventId() {
    return position().map(StreamPosition::eventId);
  }

  public Dataset dataset() {
    return dataset;
  }

  /** The exact bytes that were recorded, a copy; none when it was refused. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** What the accepted event survives. */
  public Durability durability() {
    return durability;
  }

  /** Why it was refused; empty when it was accepted. */
  public String reason() {
    return reason;
  }

  @Override
  public String toString() {
    return isAccepted()
        ? "accepted " + position + ", " + durability.meaning()
        : "refused: " + reason;
  }
}
