package dev.bitacora.collector.streams;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent's own record says about its stream. What does not have the form that agents give it
 * says nothing: such a record is kept like any other, and explains nothing away.
 */
final class ControlRecord {
  private final AuditEvent event;
  private final String action;

  private ControlRecord(AuditEvent event) {
    this.event = event;
    this.action = event.text("event.action").orElse("");
  }

  /**
   * The stream that the same lane had before.
   *
   * @param lastSequence of the last record that the successor knows of it; -1 when of none
   * @param isStopped true when its end was recorded, false when its process died
   */
  record Predecessor(StreamId stream, long lastSequence, boolean isStopped) {}

  /** Empty when it is no control record. */
  static Optional<ControlRecord> of(AuditEvent event) {
    return event.dataset() == Dataset.CONTROL
        ? Optional.of(new ControlRecord(event))
        : Optional.empty();
  }

  /** True of records that only a living agent writes: more of them will follow. */
  boolean isSignOfLife() {
    return action.equals(Actions.AGENT_READY) || action.equals(Actions.AGENT_HEARTBEAT);
  }

  boolean isHeartbeat() {
    return action.equals(Actions.AGENT_HEARTBEAT);
  }

  boolean isStop() {
    return action.equals(Actions.AGENT_STOP);
  }

  boolean isOfAuditLane() {
    return event.text("audit.details.lane").filter("audit"::equals).isPresent();
  }

  Instant time() {
    return event.timestamp();
  }

  /** How long the oldest record waited for delivery when this one was written. */
  long oldestWaitingMillis() {
    return number("audit.details.oldest_unacknowledged_ms").orElse(0L);
  }

  /**
   * The numbers that this record stands for: it takes the last one and names the first.
   *
   * @param sequence its own
   */
  Optional<SequenceRange> explains(long sequence) {
    boolean isGapRecord = action.equals(Actions.AGENT_DROPPED) || action.equals(Actions.AGENT_LOST);
    if (!isGapRecord || number("audit.details.last").orElse(-1L) != sequence) {
      return Optional.empty();
    }
    return number("audit.details.first")
        .filter(first -> first >= 0 && first <= sequence)
        .map(first -> new SequenceRange(first, sequence));
  }

  /** The streams before this one, which {@code agent.ready} names. */
  List<Predecessor> predecessors() {
    List<Predecessor> predecessors = new ArrayList<>();
    if (action.equals(Actions.AGENT_READY)
        && event.value("audit.details.predecessors").orElse(null) instanceof List<?> named) {
      named.forEach(one -> predecessor(one).ifPresent(predecessors::add));
    }
    return predecessors;
  }

  private static Optional<Predecessor> predecessor(Object named) {
    if (named instanceof Map<?, ?> facts
        && facts.get("stream") instanceof String stream
        && facts.get("last_sequence") instanceof Long last
        && last < StreamPosition.SEQUENCE_LIMIT
        && facts.get("ended") instanceof String ended) {
      try {
        return Optional.of(new Predecessor(StreamId.parse(stream), last, ended.equals("stop")));
      } catch (IllegalArgumentException e) {
        return Optional.empty(); // no stream's name: it says nothing
      }
    }
    return Optional.empty();
  }

  private Optional<Long> number(String field) {
    return event.value(field).filter(Long.class::isInstance).map(Long.class::cast);
  }
}
