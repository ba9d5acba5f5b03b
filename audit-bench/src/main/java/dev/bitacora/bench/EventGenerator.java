package dev.bitacora.bench;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * One stream of events like those of an invoicing component, about 900 bytes each: few actions,
 * some hundred people, thousands of targets, a trace and a request of their own. The same seed
 * makes the same events. Not thread-safe.
 */
public final class EventGenerator {
  private static final List<String> ACTIONS =
      List.of(
          "invoice.create", "invoice.read", "invoice.change", "invoice.approve", "invoice.reject");
  private static final List<String> ENVIRONMENTS = List.of("dev", "uat", "prd", "prd", "prd");
  private static final List<String> REGIONS = List.of("north", "south", "east", "west");

  private final Random random;
  private final StreamId stream;
  private final Instant start;
  private long sequence;

  /**
   * At the stream's beginning.
   *
   * @param start when the first event happened; the others follow by milliseconds
   */
  public EventGenerator(long seed, Instant start) {
    this.random = new Random(seed);
    this.stream = new StreamId(new UUID(start.toEpochMilli() << 16 | 0x7000L, 1L << 63 | seed));
    this.start = start;
  }

  /** The next ones of the stream. */
  public List<NewEvent> next(int size) {
    List<NewEvent> events = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      events.add(next());
    }
    return events;
  }

  private NewEvent next() {
    StreamPosition position = new StreamPosition(stream, sequence++);
    Instant time = start.plusNanos(position.sequence() * 1_000_000 + random.nextInt(1_000_000));
    return new NewEvent(
        position,
        asReceived(event(time)),
        time.plusMillis(20),
        new LogPosition("bitacora.audit/" + Math.floorMod(stream.hashCode(), 4), sequence),
        AgentIdStatus.VERIFIED);
  }

  /** Read from its bytes and checked, as an intake has done before it writes. */
  private static AuditEvent asReceived(AuditEvent event) {
    try {
      return AuditEvent.parse(event.bytes());
    } catch (InvalidEventException e) {
      throw new IllegalStateException(e);
    }
  }

  private AuditEvent event(Instant time) {
    String action = one(ACTIONS);
    int person = random.nextInt(300);
    String invoice = "INV-2026-" + random.nextInt(20_000);
    boolean good = random.nextInt(20) > 0;
    return AuditEvent.builder(action)
        .at(time)
        .outcome(good ? Outcome.SUCCESS : Outcome.FAILURE)
        .message(
            "user"
                + person
                + " did "
                + action
                + " on "
                + invoice
                + " in "
                + random.nextInt(900)
                + " ms")
        .set("event.duration", 1_000L * random.nextInt(900_000))
        .set("user.id", "user" + person)
        .set("user.roles", List.of("clerk", one(REGIONS)))
        .target("invoice", invoice)
        .set("client.ip", "10." + person % 8 + "." + person / 8 + "." + random.nextInt(3))
        .set("http.request.id", hex(8))
        .set("http.request.method", "POST")
        .set("http.response.status_code", good ? 200L : 409L)
        .set("url.path", "/invoices/" + invoice)
        .set("trace.id", hex(16))
        .set("span.id", hex(8))
        .set("service.name", "api")
        .set("service.version", "1.4.2")
        .set("service.environment", one(ENVIRONMENTS))
        .set("host.name", "node" + person % 4)
        .set("agent.version", "0.1.0")
        .label("region", one(REGIONS))
        .detail("amount", random.nextInt(100_000))
        .build();
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String hex(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
