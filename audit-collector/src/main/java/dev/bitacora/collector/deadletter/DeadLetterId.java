package dev.bitacora.collector.deadletter;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter stands, which names it for as long as it is kept. As text {@code
 * <part>-<position>}.
 *
 * @param part the topic's partition, or the number of the file
 * @param position the offset in the partition, or the byte in the file
 */
public record DeadLetterId(int part, long position) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  /** The id of this text, if it is one. */
  public static Optional<DeadLetterId> of(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new DeadLetterId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  public String text() {
    return part + "-" + position;
  }
}
