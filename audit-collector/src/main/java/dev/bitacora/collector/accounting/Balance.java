package dev.bitacora.collector.accounting;

import dev.bitacora.collector.deadletter.DeadLetterReason;
import java.util.EnumMap;
import java.util.Map;

/**
 * The accounts at one moment.
 *
 * @param indexed durable in the store, conflicts included
 * @param conflicts of those, the ones beside another event with the same id
 * @param lost offsets that Kafka removed before anybody read them; never consumed, so outside the
 *     equation
 */
public record Balance(
    long consumed,
    long indexed,
    long conflicts,
    long duplicates,
    Map<DeadLetterReason, Long> deadLettered,
    long released,
    long inFlight,
    long inFlightBytes,
    long lost) {

  /** Nothing yet. */
  public static final Balance NOTHING = new Balance(0, 0, 0, 0, Map.of(), 0, 0, 0, 0);

  public Balance {
    deadLettered = Map.copyOf(deadLettered);
  }

  public long deadLetteredTotal() {
    return deadLettered.values().stream().mapToLong(Long::longValue).sum();
  }

  /** {@code consumed = indexed + duplicates + deadlettered + released + in flight}. */
  public boolean isBalanced() {
    return consumed == indexed + duplicates + deadLetteredTotal() + released + inFlight;
  }

  Balance plus(Balance other) {
    Map<DeadLetterReason, Long> reasons = new EnumMap<>(DeadLetterReason.class);
    reasons.putAll(deadLettered);
    other.deadLettered.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    return new Balance(
        consumed + other.consumed,
        indexed + other.indexed,
        conflicts + other.conflicts,
        duplicates + other.duplicates,
        reasons,
        released + other.released,
        inFlight + other.inFlight,
        inFlightBytes + other.inFlightBytes,
        lost + other.lost);
  }
}
