package dev.bitacora.collector.intake;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Makes a request with an {@code Idempotency-Key} harmless to repeat. Each such request is a stream
 * of its own, whose id derives from component and key, so a repetition makes the same numbers; what
 * is filled in is filled with the time of the first request, so it makes the same bytes. That time
 * is remembered here, and after a restart read from the stream's first record in the store. Safe
 * for any thread.
 */
final class KeyedRequests {
  private static final int REMEMBERED = 10_000;
  private static final String DOMAIN = "bitacora-intake/v1\n";
  private static final String BODY_HASH = "items_sha256";

  private final Function<StreamPosition, Optional<AuditEvent>> stored;
  private final Map<String, Request> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Request> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** A request as it was first seen. */
  record Request(String component, String key, String bodyHash, Instant firstSeen) {

    /** The records of this request, each lane's stream with its start. */
    List<IntakeRecord> number(List<AuditEvent> events, Sender sender) {
      Map<Lane, OwnStream> streams = new EnumMap<>(Lane.class);
      List<IntakeRecord> records = new ArrayList<>();
      for (AuditEvent event : events) {
        Lane lane = Lane.of(event.dataset());
        OwnStream stream =
            streams.computeIfAbsent(lane, l -> new OwnStream(stream(component, key, l), l));
        if (stream.isNew()) {
          records.add(stream.start(firstSeen, sender, Map.of(BODY_HASH, bodyHash)));
        }
        records.add(stream.number(event, sender));
      }
      return records;
    }
  }

  KeyedRequests(Function<StreamPosition, Optional<AuditEvent>> stored) {
    this.stored = stored;
  }

  /**
   * The records of an event of the collector's own. It says itself when it was first seen, so
   * nothing has to be remembered: the same event makes the same records everywhere and always.
   */
  static List<IntakeRecord> own(AuditEvent event, String key) {
    String hash = hash(List.of(event.bytes()));
    return new Request(Sender.COLLECTOR.component(), key, hash, event.timestamp())
        .number(List.of(event), Sender.COLLECTOR);
  }

  /** The request of this key, as first seen, now or before. */
  Request request(String component, String key, List<byte[]> items, Instant now)
      throws IdempotencyKeyReusedException {
    String hash = hash(items);
    Request known = lookUp(component, key).orElse(new Request(component, key, hash, now));
    synchronized (remembered) {
      Request first = remembered.putIfAbsent(component + "\0" + key, known);
      known = first == null ? known : first;
    }
    if (!known.bodyHash().equals(hash)) {
      throw new IdempotencyKeyReusedException();
    }
    return known;
  }

  private Optional<Request> lookUp(String component, String key) {
    synchronized (remembered) {
      Request known = remembered.get(component + "\0" + key);
      if (known != null) {
        return Optional.of(known);
      }
    }
    for (Lane lane : Lane.values()) {
      Optional<Request> found =
          stored
              .apply(new StreamPosition(stream(component, key, lane), 0))
              .map(start -> request(component, key, start));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Request request(String component, String key, AuditEvent start) {
    String hash = start.text("audit.details." + BODY_HASH).orElse("");
    return new Request(component, key, hash, start.timestamp());
  }

  /** A UUID of version 8 (RFC 9562): its bits are a hash. */
  private static StreamId stream(String component, String key, Lane lane) {
    String name = DOMAIN + component + "\0" + key + "\0" + lane.text();
    ByteBuffer hash = ByteBuffer.wrap(ChainLink.hash(name.getBytes(StandardCharsets.UTF_8)));
    long high = (hash.getLong() & ~0xF000L) | 0x8000L;
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new StreamId(new UUID(high, low));
  }

  /** SHA-256 over the items' hashes. */
  private static String hash(List<byte[]> items) {
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    items.forEach(item -> hashes.writeBytes(ChainLink.hash(item)));
    return HexFormat.of().formatHex(ChainLink.hash(hashes.toByteArray()));
  }
}
