package dev.bitacora.bench.chaos.collector;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can go wrong between the broker and the index. */
@SuppressWarnings("ImmutableEnumChecker") // the sets are never changed
enum Fault {
  COLLECTOR_KILLED("a collector killed in the middle of its work"),
  COLLECTOR_STOPPED("a collector told to end, under load"),
  COLLECTOR_STOPPED_WITHOUT_STORE("a collector told to end while the store is down"),
  COLLECTOR_PAUSED("a collector paused for longer than it may not poll"),
  COLLECTORS_COME_AND_GO("collectors joining and dying every 500 ms before a slow store"),

  STORE_KILLED("the store killed, later started again", Part.NODE),
  STORE_PAUSED("the store paused", Part.NODE),
  STORE_UNREACHABLE("the store out of reach"),
  INDICES_BLOCKED("indices blocked for writing", Part.NODE),
  PASSWORD_REVOKED("the collectors' password revoked and restored", Part.NODE),
  TEMPLATE_DELETED("the template deleted and restored", Part.NODE),

  REQUESTS_REFUSED_429(Tampering.REQUESTS_REFUSED_429),
  REQUESTS_REFUSED_503(Tampering.REQUESTS_REFUSED_503),
  ITEMS_REFUSED_429(Tampering.ITEMS_REFUSED_429),
  WRITTEN_AND_504(Tampering.WRITTEN_AND_504),
  WRITTEN_AND_CUT_OFF(Tampering.WRITTEN_AND_CUT_OFF),
  FEWER_ITEMS(Tampering.FEWER_ITEMS),
  MORE_ITEMS(Tampering.MORE_ITEMS),
  ODD_ITEMS(Tampering.ODD_ITEMS),
  HTML_FROM_A_PROXY(Tampering.HTML_FROM_A_PROXY),
  TRUNCATED(Tampering.TRUNCATED),

  POISON("1 in 1,000 poisoned in every way", Part.RECORDS),
  POISON_FLOOD("a flood of poison", Part.RECORDS),
  DEAD_LETTERS_REFUSED("dead letters refused while poison comes", Part.RECORDS),
  FORGED("records with forged, taken ids"),
  SENT_TWICE("records sent twice"),

  BROKER_KILLED("the broker killed and started again", Part.BROKER),
  BROKER_PAUSED("the broker paused", Part.BROKER),
  EVERYTHING_REPLAYED("everything that Kafka has replayed", Part.GROUP),
  /** In the silence after a round, so that the number of lost offsets can be compared. */
  RETENTION_OVERTAKES("retention overtakes the collectors", Part.GROUP);

  /** What two faults cannot break at the same time. */
  enum Part {
    NODE,
    BROKER,
    RECORDS,
    GROUP
  }

  private final String meaning;
  private final Set<Part> parts;
  private final Optional<Tampering> tampering;

  Fault(String meaning, Part... parts) {
    this.meaning = meaning;
    this.parts =
        parts.length == 0 ? EnumSet.noneOf(Part.class) : EnumSet.copyOf(Arrays.asList(parts));
    this.tampering = Optional.empty();
  }

  Fault(Tampering tampering) {
    this.meaning = tampering.meaning();
    this.parts = Set.of();
    this.tampering = Optional.of(tampering);
  }

  String meaning() {
    return meaning;
  }

  /** What happens to the answers on their way, when it is that. */
  Optional<Tampering> tampering() {
    return tampering;
  }

  boolean isInSilence() {
    return this == RETENTION_OVERTAKES;
  }

  /** Whether it can happen while these happen. */
  boolean goesWith(List<Fault> others) {
    return others.stream()
        .noneMatch(other -> other == this || other.parts.stream().anyMatch(parts::contains));
  }
}
