package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A segment's place: its number in the lane, which only grows, and the stream whose records it
 * holds. Both stand in the file's name, so that a damaged header costs nothing.
 */
record SegmentName(long number, StreamId stream) implements Comparable<SegmentName> {
  private static final Pattern FORM = Pattern.compile("(\\d{12})-([0-9a-f-]{36})\\.seg");

  static Optional<SegmentName> parse(Path file) {
    Matcher name = FORM.matcher(file.getFileName().toString());
    return name.matches()
        ? Optional.of(new SegmentName(Long.parseLong(name.group(1)), StreamId.parse(name.group(2))))
        : Optional.empty();
  }

  Path in(Path folder) {
    return folder.resolve(String.format("%012d-%s.seg", number, stream));
  }

  int seed() {
    return RecordFormat.seed(stream, number);
  }

  @Override
  public int compareTo(SegmentName other) {
    return Long.compare(number, other.number);
  }
}
