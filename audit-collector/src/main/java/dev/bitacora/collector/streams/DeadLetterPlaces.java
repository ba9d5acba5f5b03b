package dev.bitacora.collector.streams;

import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.streams.WatchedLog.Question;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.KafkaHeaders.Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which numbers of a stream lie among the dead letters, and so are not lost. */
final class DeadLetterPlaces {
  private final DeadLetters deadLetters;

  DeadLetterPlaces(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  /** The dead letters can not be read now. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(DeadLettersUnavailableException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Fills what is there.
   *
   * @throws Unreadable when they can not be read
   */
  void fill(Map<Question, Holes> missing) {
    Map<StreamId, List<Holes>> byStream = new HashMap<>();
    missing.forEach(
        (question, holes) ->
            byStream.computeIfAbsent(question.stream(), unused -> new ArrayList<>()).add(holes));
    try {
      deadLetters.forEach(
          letter -> placeOf(letter.record()).ifPresent(place -> fill(byStream, place)));
    } catch (DeadLettersUnavailableException e) {
      throw new Unreadable(e);
    }
  }

  private static void fill(Map<StreamId, List<Holes>> byStream, StreamPosition place) {
    byStream
        .getOrDefault(place.stream(), List.of())
        .forEach(holes -> holes.fill(new SequenceRange(place.sequence(), place.sequence())));
  }

  /** The place that a record's headers name, whatever else is wrong with it. */
  static Optional<StreamPosition> placeOf(RawRecord record) {
    byte[] found = null;
    for (Header header : record.headers()) {
      if (header.name().equals(KafkaHeaders.POSITION)) {
        if (found != null) {
          return Optional.empty();
        }
        found = header.value();
      }
    }
    if (found == null || found.length != StreamPosition.BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(StreamPosition.readFrom(ByteBuffer.wrap(found)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no number: it fills no place
    }
  }
}
