package dev.bitacora.collector.streams;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The alarms about a stream, in words. What is labelled stays the same while it fires. */
final class StreamAlarms {
  static final String GAP = "BitacoraStreamGap";
  static final String SILENT = "BitacoraStreamSilent";
  static final String UNCLEAN_END = "BitacoraStreamUncleanEnd";
  static final String CLOCK_SKEW = "BitacoraClockSkew";

  private static final int RANGES_NAMED = 20;

  private StreamAlarms() {}

  /** What is wrong with it now. */
  static List<Alarm> of(String log, WatchedStream stream) {
    List<Alarm> alarms = new ArrayList<>();
    List<Hole> missing = stream.holes().all().stream().filter(Hole::isConfirmed).toList();
    if (!missing.isEmpty()) {
      alarms.add(gap(log, stream, missing));
    }
    if (stream.isSilent()) {
      alarms.add(silent(log, stream));
    }
    if (stream.clock().isOff() && !stream.isEnded()) {
      alarms.add(clockSkew(log, stream));
    }
    return alarms;
  }

  private static Alarm gap(String log, WatchedStream stream, List<Hole> missing) {
    return new Alarm(
        GAP,
        Severity.CRITICAL,
        stream.labels(log),
        "%s recorded events that are not in the store: %s of stream %s. No dead letter holds them and the agent explains nothing."
            .formatted(stream.component(), numbers(missing), stream.id()));
  }

  private static Alarm silent(String log, WatchedStream stream) {
    return new Alarm(
        SILENT,
        Severity.WARNING,
        stream.labels(log),
        "%s on %s has said nothing since %s, not even that it lives, and nobody says that it ended."
            .formatted(stream.component(), stream.host(), stream.heardAt()));
  }

  private static Alarm clockSkew(String log, WatchedStream stream) {
    Map<String, String> labels = new LinkedHashMap<>(stream.labels(log));
    labels.put("host", stream.host());
    Duration off = stream.clock().off();
    return new Alarm(
        CLOCK_SKEW,
        Severity.WARNING,
        labels,
        "The clock of %s on %s is %d s %s the log's: the times of its events are wrong; set the host's clock."
            .formatted(
                stream.component(),
                stream.host(),
                off.abs().toSeconds(),
                off.isNegative() ? "behind" : "ahead of"));
  }

  /** It has happened and cannot be mended. */
  static Alarm uncleanEnd(String log, WatchedStream stream, long lastSequence) {
    return new Alarm(
        UNCLEAN_END,
        Severity.WARNING,
        stream.labels(log),
        "%s on %s ended without saying so, as after a kill or a power cut; its last record that its successor knows of is %d."
            .formatted(stream.component(), stream.host(), lastSequence));
  }

  /** A sentence for our own log. */
  static String givenUp(String log, WatchedStream stream, List<Hole> missing) {
    return "%s of stream %s (%s, %s) have been missing for so long that they are given up as lost"
        .formatted(numbers(missing), stream.id(), stream.component(), log);
  }

  private static String numbers(List<Hole> missing) {
    long count = missing.stream().mapToLong(hole -> hole.range().size()).sum();
    String ranges =
        missing.stream()
            .limit(RANGES_NAMED)
            .map(hole -> hole.range().toString())
            .collect(Collectors.joining(", "));
    String more =
        missing.size() > RANGES_NAMED
            ? " and " + (missing.size() - RANGES_NAMED) + " ranges more"
            : "";
    boolean isExact = missing.size() < Holes.MOST;
    return (count == 1 ? "number " : count + " numbers, ")
        + (isExact ? "" : "at most, in ")
        + ranges
        + more;
  }
}
