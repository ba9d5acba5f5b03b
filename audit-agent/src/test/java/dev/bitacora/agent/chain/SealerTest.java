package dev.bitacora.agent.chain;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.spool.GapRecords;
import dev.bitacora.agent.spool.MemorySpool;
import dev.bitacora.agent.spool.Spool;
import dev.bitacora.agent.spool.SpoolCursor;
import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.agent.spool.Watermark;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A sealer goes along a stream whether a shipper is before it or not; one whose thread fails goes
 * on with the chain that the records have.
 */
final class SealerTest {
  private record Sealed(long sequence, ChainLink link) {}

  private final StreamId stream = StreamId.newAt(Instant.now());
  private final List<Sealed> seals = new CopyOnWriteArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Supervision supervision = new Supervision(line -> {});

  private static final GapRecords NO_GAPS =
      (GapRecords)
          Proxy.newProxyInstance(
              SealerTest.class.getClassLoader(),
              new Class<?>[] {GapRecords.class},
              (proxy, method, arguments) -> new byte[1]);

  /** A spool of whose readers' answers something is made. */
  private static Spool watched(Spool spool, UnaryOperator<Object> onAnswer) {
    return wrapped(
        Spool.class,
        spool,
        result ->
            result instanceof SpoolCursor cursor
                ? wrapped(SpoolCursor.class, cursor, onAnswer)
                : result);
  }

  /** The reader loses what it has read when its memory ends. */
  private Object failSecond(Object result) {
    if (result instanceof List<?> records && !records.isEmpty() && reads.incrementAndGet() == 2) {
      throw new OutOfMemoryError("on purpose");
    }
    return result;
  }

  private static <T> T wrapped(Class<T> type, T real, UnaryOperator<Object> onResult) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return onResult.apply(method.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void errorWhileFollowing_costsNoLink() {
    Spool spool = new MemorySpool(stream, 16 << 20, NO_GAPS, Clock.systemUTC());
    SpoolCursor everything = spool.ownCursor();
    try (Sealer sealer =
        sealer(watched(spool, this::failSecond), Links.of(stream, Optional.empty()))) {
      assertThat(sealerKey(sealer)).isNotEmpty();
      append(spool, 10);
      sealer.start();
      await().until(() -> reads.get() >= 1);
      deliver(spool, 5);
      append(spool, 10);
      await().until(() -> !seals.isEmpty() && seals.get(seals.size() - 1).sequence() >= 19);
    }

    assertThat(supervision.restarts()).isEqualTo(1);
    assertSealed(linksOf(everything.read(1000, 1 << 20)));
  }

  /** Goes along the stream as a shipper does, from its first record on. */
  private static final class Shipping {
    private final Spool spool;
    private final Links links;
    private SpoolCursor cursor;
    private ChainLink link;

    Shipping(Spool spool, Links links) {
      this.spool = spool;
      this.links = links;
      startOver();
    }

    /** Nothing was acknowledged. */
    void startOver() {
      cursor = spool.ownCursor();
      link = ChainLink.ZERO;
    }

    /** Whether there was anything. */
    boolean sendNext(int atMost) {
      List<SpooledRecord> records = cursor.read(atMost, 1 << 20);
      for (SpooledRecord record : records) {
        link = links.after(record, link);
      }
      if (!records.isEmpty()) {
        links.sent(Watermark.after(records.get(records.size() - 1), link));
      }
      return !records.isEmpty();
    }

    void sendAll(int batch) {
      boolean isMore = true;
      while (isMore) {
        isMore = sendNext(batch);
      }
    }
  }

  private static void append(Spool spool, int count) {
    for (int i = 0; i < count; i++) {
      spool.append(RecordKind.AUDIT, new byte[] {(byte) i});
    }
  }

  private Sealer sealer(Spool spool, Links links) {
    return new Sealer(
        "sealer",
        spool,
        links,
        (upTo, link, signature) -> {
          seals.add(new Sealed(upTo, link));
          return new byte[8];
        },
        supervision,
        line -> {});
  }

  private Object count(Object result) {
    if (result instanceof List<?> records) {
      reads.addAndGet(records.size());
    }
    return result;
  }

  @Test
  void whatTheShipperCameToFirst_isSealedEachThousandWithoutReadingIt() {
    Spool spool = new MemorySpool(stream, 16 << 20, NO_GAPS, Clock.systemUTC());
    SpoolCursor everything = spool.ownCursor();
    Links links = Links.of(stream, Optional.empty());
    append(spool, 4500);
    new Shipping(spool, links).sendAll(2000);
    try (Sealer sealer = sealer(watched(spool, this::count), links)) {
      assertThat(sealerKey(sealer)).isNotEmpty();
      sealer.start();
      await().until(() -> seals.size() >= 5);
      assertThat(reads).as("but for its own seals, which nobody ships here").hasValueLessThan(6);
    }
    assertThat(seals).extracting(Sealed::sequence).startsWith(999L, 1999L, 2999L, 3999L);
    assertSealed(linksOf(everything.read(10_000, 1 << 20)));
  }

  private void assertSealed(Map<Long, ChainLink> links) {
    assertThat(seals)
        .isNotEmpty()
        .allSatisfy(seal -> assertThat(seal.link()).isEqualTo(links.get(seal.sequence())));
  }

  @Test
  void whatTheShipperDoesNotComeTo_isReadBehindWhereItWas() {
    Spool spool = new MemorySpool(stream, 16 << 20, NO_GAPS, Clock.systemUTC());
    SpoolCursor everything = spool.ownCursor();
    Links links = Links.of(stream, Optional.empty());
    append(spool, 700);
    try (Sealer sealer = sealer(watched(spool, this::count), links)) {
      assertThat(sealerKey(sealer)).isNotEmpty();
      new Shipping(spool, links).sendAll(500);
      append(spool, 1700);
      sealer.start();
      await().until(() -> !seals.isEmpty() && seals.get(seals.size() - 1).sequence() >= 2399);
      assertThat(reads).as("the rest, and its own seals").hasValueBetween(1700, 1710);
    }
    assertThat(seals).extracting(Sealed::sequence).startsWith(999L, 1999L);
    assertSealed(linksOf(everything.read(10_000, 1 << 20)));
  }

  @Test
  void sealerAndShipperWhoOvertakeEachOther_knowTheSameChain() throws InterruptedException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Spool spool = new MemorySpool(stream, 16 << 20, NO_GAPS, Clock.systemUTC());
    SpoolCursor everything = spool.ownCursor();
    Links links = Links.of(stream, Optional.empty());
    Shipping shipping = new Shipping(spool, links);
    try (Sealer sealer = sealer(watched(spool, this::count), links)) {
      assertThat(sealerKey(sealer)).isNotEmpty();
      sealer.start();
      for (int step = 1; step <= 200; step++) {
        append(spool, random.nextInt(400));
        int chance = random.nextInt(100);
        if (chance < 70) {
          shipping.sendNext(1 + random.nextInt(700));
        } else if (chance < 90) {
          Thread.sleep(random.nextInt(30));
        } else if (chance < 95) {
          Thread.sleep(300); // longer than the sealer waits
        } else {
          shipping.startOver();
        }
      }
    }
    List<SpooledRecord> records = everything.read(100_000, 16 << 20);
    assertThat(reads).as("what the sealer read, seed " + seed).hasValueBetween(1, records.size());
    assertThat(records)
        .filteredOn(record -> record.kind() == RecordKind.AUDIT)
        .as("all are sealed, seed " + seed)
        .last()
        .extracting(SpooledRecord::sequence, as(LONG))
        .isLessThanOrEqualTo(seals.get(seals.size() - 1).sequence());
    assertSealed(linksOf(records));
  }

  private static Map<Long, ChainLink> linksOf(List<SpooledRecord> records) {
    Map<Long, ChainLink> links = new HashMap<>();
    ChainLink link = ChainLink.ZERO;
    for (SpooledRecord record : records) {
      link = link.next(record.position(), record.value());
      links.put(record.sequence(), link);
    }
    return links;
  }

  private static byte[] sealerKey(Sealer sealer) {
    try {
      return sealer.makeKey();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void deliver(Spool spool, int count) {
    ChainLink link = ChainLink.ZERO;
    for (SpooledRecord record : spool.cursor().read(count, 1 << 20)) {
      link = link.next(record.position(), record.value());
      spool.acknowledge(Watermark.after(record, link));
    }
  }
}
