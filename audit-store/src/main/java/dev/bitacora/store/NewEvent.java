package dev.bitacora.store;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A checked event with what the collector knows of it, ready to be written.
 *
 * @param ingested the log's append time ({@code event.ingested}), so that a rebuilt index is the
 *     same index
 */
public record NewEvent(
    StreamPosition position,
    AuditEvent event,
    Instant ingested,
    LogPosition log,
    AgentIdStatus agentIdStatus,
    String hash) {
  /** Hex digits of SHA-256(bytes) that stand in a document's id and in {@code event.hash}. */
  public static final int HASH_DIGITS = 16;

  public NewEvent(
      StreamPosition position,
      AuditEvent event,
      Instant ingested,
      LogPosition log,
      AgentIdStatus agentIdStatus) {
    this(position, event, ingested, log, agentIdStatus, hashOf(event.bytes()));
  }

  /** The first 16 hex digits of SHA-256(bytes). */
  public static String hashOf(byte[] bytes) {
    return HexFormat.of().formatHex(ChainLink.hash(bytes), 0, HASH_DIGITS / 2);
  }

  /** {@code <event.id>.<hash>}: the same bytes at the same place are the same document. */
  public String documentId() {
    return position.eventId() + "." + hash;
  }

  public Placement placement(Retention retention) {
    return Placement.of(event, ingested, retention);
  }
}
