package dev.bitacora.bench.chaos;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.WireRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what was accepted with what has been delivered. One thread's. */
final class Verdict {
  /** How many findings are told; all are counted. */
  private static final int TOLD = 10;

  private final Map<StreamId, DeliveredStream> streams = new TreeMap<>();
  private final Map<DeliveredStream.Fault, Integer> faults =
      new EnumMap<>(DeliveredStream.Fault.class);
  private final List<String> findings = new ArrayList<>();
  private int lost;

  /** Takes a record of the audit topic. */
  void audit(WireRecord record) {
    add(record, true);
  }

  /** Takes a record of the log topic, whose streams have no links. */
  void log(WireRecord record) {
    add(record, false);
  }

  private void add(WireRecord record, boolean chained) {
    StreamId stream = record.position().stream();
    streams
        .computeIfAbsent(
            stream,
            id -> new DeliveredStream(chained, (fault, what) -> found(fault, id + ": " + what)))
        .add(record);
  }

  private void found(DeliveredStream.Fault fault, String what) {
    faults.merge(fault, 1, Integer::sum);
    findings.add(what);
  }

  /** Once everything has been taken. */
  void decide(Receipts receipts) {
    streams.values().forEach(DeliveredStream::check);
    receipts.hashes().forEach(this::require);
  }

  private void require(StreamPosition position, String hash) {
    DeliveredStream stream = streams.get(position.stream());
    boolean isKnown = stream != null && (stream.holds(position, hash) || stream.hasShed(position));
    if (!isKnown) {
      lost++;
      findings.add(position + ": accepted with SHA-256 " + hash + " and not delivered");
    }
  }

  long delivered() {
    return streams.values().stream().mapToLong(DeliveredStream::events).sum();
  }

  long holes() {
    return streams.values().stream().mapToLong(DeliveredStream::holes).sum();
  }

  int lost() {
    return lost;
  }

  int unexplainedGaps() {
    return faults.getOrDefault(DeliveredStream.Fault.GAP, 0);
  }

  /** Also a number under which two different records came, or one that came out of order. */
  int brokenLinks() {
    return faults.getOrDefault(DeliveredStream.Fault.LINK, 0);
  }

  boolean isGood() {
    return lost == 0 && faults.isEmpty();
  }

  /** The first findings, for people. */
  List<String> findings() {
    return findings.subList(0, Math.min(TOLD, findings.size()));
  }
}
