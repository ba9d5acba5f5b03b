package dev.bitacora.bench.chaos.collector;

import dev.bitacora.bench.chaos.BrokenSource;
import java.util.Optional;

/** Ways to break the collector on purpose, so that the harness proves that it would notice. */
@SuppressWarnings("ImmutableEnumChecker") // a record of texts
enum CollectorSabotage {
  /** Offsets are committed as soon as records are read: what is in flight is lost in a kill. */
  COMMIT_EARLY(
      Optional.of(
          new BrokenSource(
              "audit-collector/src/main/java/dev/bitacora/collector/kafka/AssignedPartition.java",
              "return begun && settled.mark() > committed",
              """
              if (begun && next > committed) {
                return OptionalLong.of(next);
              }
              return begun && settled.mark() > committed"""))),
  /** The harness stores one acknowledged event a second time, under another document's id. */
  DUPLICATE_ONE(Optional.empty());

  private final Optional<BrokenSource> source;

  CollectorSabotage(Optional<BrokenSource> source) {
    this.source = source;
  }

  /** The class that the collectors run with instead of the sound one, when it is in one. */
  Optional<BrokenSource> source() {
    return source;
  }
}
