package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.FieldValue;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.List;

/**
 * Behind which event a page begins, as text for URLs: Base64 of {@code e1 <order> <snapshot> <time>
 * <event.id> <hash>}. The snapshot is a name that only the process which opened it knows; another
 * one goes on behind the same event without it.
 */
record Cursor(Order order, String snapshot, String time, String eventId, String hash) {
  private static final String FORMAT = "e1";
  private static final int PARTS = 6;
  private static final int MAX_LENGTH = 512;

  String text() {
    String parts = String.join(" ", FORMAT, order.name(), snapshot, time, eventId, hash);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(parts.getBytes(StandardCharsets.UTF_8));
  }

  /** Values for {@code search_after}. */
  List<FieldValue> sortValues() {
    return List.of(FieldValue.of(time), FieldValue.of(eventId), FieldValue.of(hash));
  }

  /**
   * Reads a cursor that was given out for the same order.
   *
   * @throws StoreException.BadCursor when it is none
   */
  static Cursor parse(String text, Order order) {
    try {
      if (text.length() > MAX_LENGTH) {
        throw new StoreException.BadCursor();
      }
      String[] parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
      if (parts.length != PARTS
          || !parts[0].equals(FORMAT)
          || !parts[1].equals(order.name())
          || !parts[5].matches("[0-9a-f]{16}")) {
        throw new StoreException.BadCursor();
      }
      String time = EventTime.format(EventTime.parse(parts[3]));
      String eventId = StreamPosition.parse(parts[4]).eventId();
      return new Cursor(order, parts[2], time, eventId, parts[5]);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new StoreException.BadCursor();
    }
  }
}
