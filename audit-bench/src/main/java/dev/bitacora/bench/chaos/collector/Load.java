package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events to the broker all the time: from a round's beginning until it is told to finish, in
 * several streams of which one is of log lines. A record counts when the broker has acknowledged
 * it. Safe for any thread; events are sent by one of its own.
 */
final class Load implements AutoCloseable {
  /** What a round needs. */
  static final int EVENTS_PER_ROUND = 10_000;

  private static final int STREAMS = 12;
  private static final int SLICES_PER_SECOND = 25;
  private static final int USUAL_RATE = 1_500;

  /** What a round sends when its faults take longer than its events. */
  private static final int LATE_RATE = 150;

  /** Sent and not acknowledged: the broker is away. */
  private static final int MOST_UNDER_WAY = 8_000;

  private static final int FLOOD = 600;
  private static final int POISON_EVERY = 1_000;

  private final Receipts receipts;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Random random;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "load");
  private List<LoadStream> streams = List.of();
  private int month;
  private int sentThisRound;
  private boolean isPoisoned;
  private boolean isFinishing;
  private boolean isSending;
  private volatile boolean isOpen = true;

  Load(String servers, Receipts receipts, long seed) {
    this.receipts = receipts;
    this.random = new Random(seed);
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", servers);
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("linger.ms", "5");
    properties.put("max.block.ms", "120000");
    properties.put("request.timeout.ms", "10000");
    // The broker comes back: a record that is given up would be neither sent nor not sent.
    properties.put("delivery.timeout.ms", "600000");
    properties.put("max.request.size", "4000000");
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    thread.setDaemon(true);
    thread.start();
  }

  /** New streams, and a month of its own, so that an index has to be made. */
  synchronized void beginRound(int round) {
    receipts.beginRound();
    List<LoadStream> made = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      made.add(new LoadStream(round, i == 0));
    }
    streams = made;
    month++;
    sentThisRound = 0;
    isFinishing = false;
    isPoisoned = false;
    isSending = true;
  }

  /** From now on events happened in a month that has no index yet. */
  synchronized void turnPage() {
    month++;
  }

  /** From now on, or no longer, each kind of poison stands once among 1,000 records. */
  synchronized void poison(boolean poisoned) {
    isPoisoned = poisoned;
  }

  /** Much poison at once. */
  synchronized void flood() {
    Poison[] kinds = Poison.values();
    for (int i = 0; i < FLOOD; i++) {
      Poison kind = kinds[random.nextInt(kinds.length)];
      if (kind != Poison.TOO_LARGE) {
        send(kind);
      }
    }
  }

  /** Some of the records stand twice in the log, as after a sender's retry. */
  synchronized void sendTwice(int count) {
    for (int i = 0; i < count; i++) {
      WireRecord record = stream().next(time(), true);
      send(record, true);
      send(record, true);
    }
  }

  /** Records that claim a number which another one has. */
  synchronized void forge(int count) {
    for (int i = 0; i < count; i++) {
      LoadStream stream = stream();
      send(stream.next(time(), false), false);
      send(stream.forged(time()), false);
    }
  }

  /** One of each kind now. */
  synchronized void everyPoison() {
    for (Poison kind : Poison.values()) {
      send(kind);
    }
  }

  /** Returns when the round has its events and all are acknowledged. */
  void finishRound() throws InterruptedException {
    synchronized (this) {
      isFinishing = true;
    }
    while (receipts.recentSize() < EVENTS_PER_ROUND) {
      requireHealth();
      Thread.sleep(20);
    }
    synchronized (this) {
      isSending = false;
    }
    while (underWay.get() > 0) {
      requireHealth();
      Thread.sleep(20);
    }
  }

  private void requireHealth() {
    if (!thread.isAlive() || refused.get() > 0) {
      throw new IllegalStateException(
          "the load could not be sent: " + refused.get() + " records refused");
    }
  }

  private void run() {
    while (isOpen) {
      long start = System.nanoTime();
      sendSlice();
      long rest = 1_000_000_000L / SLICES_PER_SECOND - (System.nanoTime() - start);
      try {
        Thread.sleep(Duration.ofNanos(Math.max(0, rest)).toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void sendSlice() {
    if (!isSending || underWay.get() > MOST_UNDER_WAY) {
      return;
    }
    boolean isLate = !isFinishing && sentThisRound > EVENTS_PER_ROUND * 9 / 10;
    int slice = (isLate ? LATE_RATE : USUAL_RATE) / SLICES_PER_SECOND;
    for (int i = 0; i < slice; i++) {
      send(stream().next(time(), false), false);
      if (isPoisoned) {
        poisonSome();
      }
    }
  }

  private void poisonSome() {
    for (Poison kind : Poison.values()) {
      if (random.nextInt(POISON_EVERY) == 0) {
        send(kind);
      }
    }
  }

  private LoadStream stream() {
    return streams.get(random.nextInt(streams.size()));
  }

  /** The first stream is of log lines. */
  private LoadStream auditStream() {
    return streams.get(1 + random.nextInt(streams.size() - 1));
  }

  private Instant time() {
    return YearMonth.now(ZoneOffset.UTC)
        .minusMonths(month)
        .atDay(1)
        .atStartOfDay()
        .toInstant(ZoneOffset.UTC)
        .plusMillis(sentThisRound);
  }

  private void send(WireRecord record, boolean twin) {
    String event = record.position().eventId() + "." + NewEvent.hashOf(record.value());
    receipts.sending(event);
    send(
        LoadStream.producerRecord(record),
        (partition, offset) -> receipts.event(event, partition, offset, twin));
  }

  private void send(Poison kind) {
    send(kind.record(auditStream(), time()), receipts::poison);
  }

  @FunctionalInterface
  private interface Acknowledged {
    void at(TopicPartition partition, long offset);
  }

  private void send(ProducerRecord<byte[], byte[]> record, Acknowledged acknowledged) {
    sentThisRound++;
    underWay.incrementAndGet();
    var unused =
        producer.send(
            record,
            (place, failure) -> {
              if (failure == null) {
                acknowledged.at(
                    new TopicPartition(place.topic(), place.partition()), place.offset());
              } else {
                refused.incrementAndGet();
              }
              underWay.decrementAndGet();
            });
  }

  @Override
  public void close() {
    isOpen = false;
    thread.interrupt();
    producer.close(Duration.ofSeconds(1));
  }
}
