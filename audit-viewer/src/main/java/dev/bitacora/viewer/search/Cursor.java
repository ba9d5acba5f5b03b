package dev.bitacora.viewer.search;

import dev.bitacora.core.event.EventTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Where the next page begins: the store's cursor and the first page's time, so that {@code now-24h}
 * means the same on every page.
 */
record Cursor(Instant from, Instant to, String position) {

  String text() {
    String plain = EventTime.toNanos(from) + "~" + EventTime.toNanos(to) + "~" + position;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  static Optional<Cursor> parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      String[] parts = plain.split("~", 3);
      if (parts.length != 3) {
        return Optional.empty();
      }
      Instant from = EventTime.ofNanos(Long.parseLong(parts[0]));
      Instant to = EventTime.ofNanos(Long.parseLong(parts[1]));
      return from.isBefore(to) ? Optional.of(new Cursor(from, to, parts[2])) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
