package dev.bitacora.collector.intake;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.AuditEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * This process' streams for events without an agent, one per lane, begun when first needed. One
 * batch at a time, so that numbers and chain are in the log's order; a batch that was numbered and
 * not confirmed goes first next time, so that the stream has no hole. Safe for any thread.
 */
final class OwnStreams {
  private final IntakeLog log;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Lane, OwnStream> streams = new EnumMap<>(Lane.class);
  private List<IntakeRecord> unconfirmed = List.of();

  OwnStreams(IntakeLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Numbers and appends; one result per event. */
  List<ItemResult> append(List<AuditEvent> events, Sender sender)
      throws IntakeUnavailableException {
    lock.lock();
    try {
      confirm();
      List<IntakeRecord> starts = new ArrayList<>();
      List<IntakeRecord> numbered = new ArrayList<>(events.size());
      for (AuditEvent event : events) {
        numbered.add(stream(event, starts).number(event, sender));
      }
      unconfirmed = concat(starts, numbered);
      List<ItemResult> results = confirm();
      return results.subList(starts.size(), results.size());
    } finally {
      lock.unlock();
    }
  }

  /** Ends the streams, as well as that is possible. */
  void stop() throws IntakeUnavailableException {
    lock.lock();
    try {
      confirm();
      Instant now = clock.instant();
      unconfirmed =
          streams.values().stream().map(stream -> stream.stop(now, Sender.COLLECTOR)).toList();
      streams.clear();
      confirm();
    } finally {
      lock.unlock();
    }
  }

  private List<ItemResult> confirm() throws IntakeUnavailableException {
    List<ItemResult> results = unconfirmed.isEmpty() ? List.of() : log.append(unconfirmed);
    unconfirmed = List.of();
    return results;
  }

  private OwnStream stream(AuditEvent event, List<IntakeRecord> starts) {
    Lane lane = Lane.of(event.dataset());
    OwnStream stream =
        streams.computeIfAbsent(
            lane, unused -> new OwnStream(StreamId.newAt(clock.instant()), lane));
    if (stream.isNew()) {
      starts.add(stream.start(clock.instant(), Sender.COLLECTOR, Map.of()));
    }
    return stream;
  }

  private static List<IntakeRecord> concat(List<IntakeRecord> starts, List<IntakeRecord> rest) {
    List<IntakeRecord> all = new ArrayList<>(starts);
    all.addAll(rest);
    return all;
  }
}
