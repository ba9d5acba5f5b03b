package dev.bitacora.agent.context;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a distributed trace, as W3C Trace Context has it: the trace, and the piece of work
 * (the span) inside it. Immutable and safe for any thread.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param flags 8 bits; the lowest says that somebody records the trace
 */
public record TraceContext(String traceId, String spanId, int flags) {
  /** The header's name. */
  public static final String HEADER = "traceparent";

  private static final int SAMPLED = 1;
  private static final Pattern TRACEPARENT =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  public TraceContext {
    if (!isId(traceId, 32) || !isId(spanId, 16)) {
      throw new IllegalArgumentException(
          "trace context: expected 32 and 16 hex digits, not all zero");
    }
  }

  /** The first span of a new trace. */
  public static TraceContext start() {
    return new TraceContext(randomId(16), randomId(8), SAMPLED);
  }

  /** Reads a {@code traceparent} header; empty for one that the standard calls invalid. */
  public static Optional<TraceContext> parse(String traceparent) {
    if (traceparent == null) {
      return Optional.empty();
    }
    Matcher matcher = TRACEPARENT.matcher(traceparent.trim());
    if (!matcher.matches() || !isKnownForm(matcher) || !isId(matcher.group(2), 32)) {
      return Optional.empty();
    }
    return isId(matcher.group(3), 16)
        ? Optional.of(
            new TraceContext(
                matcher.group(2), matcher.group(3), HexFormat.fromHexDigits(matcher.group(4))))
        : Optional.empty();
  }

  /** Version ff is forbidden; version 00 has exactly four parts, later ones may have more. */
  private static boolean isKnownForm(Matcher matcher) {
    String version = matcher.group(1);
    return !version.equals("ff") && (matcher.group(5) == null || !version.equals("00"));
  }

  /** A new span of the same trace: what a component makes of a request that it receives. */
  public TraceContext child() {
    return new TraceContext(traceId, randomId(8), flags);
  }

  /** The header's value for a call that this span makes. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + "-" + HexFormat.of().toHexDigits((byte) flags);
  }

  private static boolean isId(String text, int length) {
    boolean allZero = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
      allZero &= c == '0';
    }
    return text.length() == length && !allZero;
  }

  /** Unique, which is all that the standard asks for: a secret would take a lock and a hash. */
  private static String randomId(int bytes) {
    byte[] id = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(id);
    id[bytes - 1] |= 1; // never all zero
    return HexFormat.of().formatHex(id);
  }
}
