package dev.bitacora.bench.chaos;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * One stream as it stands in its topic, and what is wrong with it. One thread's.
 *
 * <p>Records may come twice, but the same; new ones come in the order of their numbers; numbers
 * begin at 0 and each record begins where the one before ended, where a record that stands for a
 * range names its first number; each carries the link that its predecessors make.
 */
final class DeliveredStream {
  /** What can be wrong with a stream. */
  enum Fault {
    GAP,
    LINK
  }

  private static final Set<String> STAND_FOR_OTHERS =
      Set.of(Actions.AGENT_LOST, Actions.AGENT_DROPPED);

  private final boolean chained;
  private final BiConsumer<Fault, String> faults;
  private final NavigableMap<Long, Delivered> records = new TreeMap<>();

  /**
   * An empty stream.
   *
   * @param chained whether its records carry links; otherwise those are zero
   * @param faults takes what is wrong, for people
   */
  DeliveredStream(boolean chained, BiConsumer<Fault, String> faults) {
    this.chained = chained;
    this.faults = faults;
  }

  /**
   * A record as far as it matters.
   *
   * @param first of the numbers it stands for; its own unless it accounts for others
   */
  private record Delivered(
      long first,
      RecordKind kind,
      Optional<String> accountsAs,
      String hash,
      ChainLink previous,
      ChainLink after) {
    boolean isSame(Delivered other) {
      return kind == other.kind && hash.equals(other.hash) && previous.equals(other.previous);
    }
  }

  void add(WireRecord record) {
    Delivered delivered = delivered(record);
    long sequence = record.position().sequence();
    boolean isBehind = !records.isEmpty() && sequence < records.lastKey();
    Delivered known = records.putIfAbsent(sequence, delivered);
    if (known != null && !known.isSame(delivered)) {
      faults.accept(Fault.LINK, record + ": came a second time and was different");
    }
    if (known == null && isBehind) {
      faults.accept(Fault.LINK, record + ": came after " + records.lastKey());
    }
  }

  private Delivered delivered(WireRecord record) {
    long sequence = record.position().sequence();
    Optional<AuditEvent> account = account(record);
    return new Delivered(
        account.map(DeliveredStream::firstNumber).orElse(sequence),
        record.kind(),
        account.flatMap(DeliveredStream::action),
        HexFormat.of().formatHex(ChainLink.hash(record.value())),
        record.previous(),
        chained ? record.previous().next(record.position(), record.value()) : ChainLink.ZERO);
  }

  /** The event of a record that accounts for numbers without records of their own. */
  private static Optional<AuditEvent> account(WireRecord record) {
    if (record.kind() != RecordKind.CONTROL) {
      return Optional.empty();
    }
    try {
      return Optional.of(AuditEvent.parse(record.value()))
          .filter(event -> action(event).filter(STAND_FOR_OTHERS::contains).isPresent());
    } catch (InvalidEventException e) {
      throw new IllegalStateException(record + " is no event", e);
    }
  }

  private static Optional<String> action(AuditEvent event) {
    return event.value("event.action").map(Object::toString);
  }

  private static long firstNumber(AuditEvent account) {
    return account
        .value("audit.details.first")
        .filter(Number.class::isInstance)
        .map(number -> ((Number) number).longValue())
        .orElse(-1L);
  }

  /** Looks at the numbers and the links of what has come. */
  void check() {
    long expected = 0;
    ChainLink link = ChainLink.ZERO;
    for (var entry : records.entrySet()) {
      Delivered record = entry.getValue();
      if (record.first != expected) {
        faults.accept(Fault.GAP, "number " + entry.getKey() + " follows " + (expected - 1));
      }
      if (!record.previous.equals(link)) {
        faults.accept(Fault.LINK, "number " + entry.getKey() + " has another link before it");
      }
      expected = entry.getKey() + 1;
      link = record.after;
    }
  }

  boolean holds(StreamPosition position, String hash) {
    Delivered record = records.get(position.sequence());
    return record != null && record.hash.equals(hash);
  }

  /**
   * Whether this was a log line that was accepted, then given up for newer ones, and said to be.
   */
  boolean hasShed(StreamPosition position) {
    Map.Entry<Long, Delivered> next = records.ceilingEntry(position.sequence());
    return !chained
        && next != null
        && next.getValue().accountsAs.equals(Optional.of(Actions.AGENT_DROPPED))
        && next.getValue().first <= position.sequence();
  }

  /** Audit events and log lines. */
  long events() {
    return records.values().stream().filter(r -> r.kind != RecordKind.CONTROL).count();
  }

  /** Records that stand for numbers that were claimed and never written. */
  long holes() {
    return records.values().stream()
        .filter(r -> r.accountsAs.equals(Optional.of(Actions.AGENT_LOST)))
        .count();
  }
}
