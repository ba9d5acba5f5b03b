package dev.bitacora.viewer.page;

import java.util.Locale;

/**
 * How an event ended, or how grave a log line is: a word, a sign and a class for its colour.
 *
 * @param kind {@code good}, {@code bad}, {@code warn} or {@code plain}
 */
public record Mark(String kind, String sign, String word) {

  static Mark of(Reading event) {
    return event.text("event.dataset", "").equals("log")
        ? ofLevel(event.text("log.level", "log"))
        : ofOutcome(event.text("event.outcome", "unknown"));
  }

  static Mark ofOutcome(String outcome) {
    return switch (outcome) {
      case "success" -> new Mark("good", "✓", "success");
      case "failure" -> new Mark("bad", "✕", "failure");
      default -> new Mark("plain", "·", "unknown");
    };
  }

  private static Mark ofLevel(String level) {
    String word = level.toLowerCase(Locale.ROOT);
    return switch (word) {
      case "error", "fatal", "critical" -> new Mark("bad", "!", "error");
      case "warn", "warning" -> new Mark("warn", "△", "warn");
      case "debug", "trace" -> new Mark("plain", "·", word);
      case "info", "notice" -> new Mark("plain", "›", word);
      default -> new Mark("plain", "›", "log");
    };
  }
}
