package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every spool does. */
@Timeout(60)
abstract class SpoolContract {
  static final int SMALL = 36;

  Spool spool;
  SpoolCursor cursor;

  /** An empty spool of a new stream that has room for at least 100,000 bytes. */
  abstract Spool open() throws Exception;

  /** An empty spool in which {@link #fill} soon has filled all room. */
  abstract Spool openNarrow() throws Exception;

  /** Does what a background thread does. */
  abstract void tend();

  @BeforeEach
  void start() throws Exception {
    spool = open();
    cursor = spool.cursor();
  }

  @AfterEach
  void stop() {
    cursor.close();
    spool.close();
  }

  static final GapRecords GAPS =
      new GapRecords() {
        @Override
        public byte[] dropped(
            StreamId stream,
            long first,
            long last,
            Instant firstTime,
            Instant lastTime,
            String reason) {
          return ("dropped " + first + "…" + last + " " + reason).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] lost(StreamId stream, long first, long last) {
          return ("lost " + first + "…" + last).getBytes(StandardCharsets.UTF_8);
        }
      };

  long append() {
    return spool.append(RecordKind.AUDIT, new byte[SMALL]);
  }

  long append(String text) {
    return spool.append(RecordKind.AUDIT, text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(SpooledRecord record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  static List<Long> numbers(List<SpooledRecord> records) {
    return records.stream().map(SpooledRecord::sequence).toList();
  }

  static List<SpooledRecord> all(SpoolCursor cursor) {
    List<SpooledRecord> records = new ArrayList<>();
    List<SpooledRecord> batch = cursor.read(1000, 1 << 20);
    while (!batch.isEmpty()) {
      records.addAll(batch);
      batch = cursor.read(1000, 1 << 20);
    }
    return records;
  }

  static RecordKind kind(int code) {
    return RecordKind.of(1 + code % 3).orElseThrow();
  }

  static Watermark at(SpooledRecord record) {
    return Watermark.after(record, ChainLink.ZERO);
  }

  /** Appends until it is refused; how many were accepted. */
  long fill() {
    long count = 0;
    while (spool.append(RecordKind.AUDIT, new byte[1000]) != Spool.REFUSED) {
      count++;
      assertThat(count).as("it has an end").isLessThan(1_000_000);
    }
    return count;
  }

  @Test
  void append_numbersFromZero() {
    assertThat(append()).isZero();
    assertThat(append()).isEqualTo(1);
    assertThat(numbers(all(cursor))).containsExactly(0L, 1L);
    assertThat(append()).isEqualTo(2);
    assertThat(numbers(all(cursor))).containsExactly(2L);
    assertThat(all(cursor)).isEmpty();
  }

  @Test
  void read_givesBackWhatWasAppended() {
    Random random = new Random(7);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] value = new byte[random.nextInt(200)];
      random.nextBytes(value);
      values.add(value);
      assertThat(spool.append(kind(i), value)).isEqualTo(i);
    }
    List<SpooledRecord> read = all(cursor);
    assertThat(read).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(read.get(i).value()).isEqualTo(values.get(i));
      assertThat(read.get(i).kind()).isEqualTo(kind(i));
      assertThat(read.get(i).stream()).isEqualTo(spool.stream());
      assertThat(read.get(i).first()).isEqualTo(i);
    }
  }

  @Test
  void read_respectsItsLimits_butGivesAtLeastOne() {
    for (int i = 0; i < 4; i++) {
      append();
    }
    assertThat(cursor.read(1, 10_000)).hasSize(1);
    assertThat(cursor.read(10, 1)).hasSize(1);
    assertThat(cursor.read(10, 2 * SMALL)).hasSize(2);
  }

  @Test
  void seek_goesBackToTheWatermark() {
    for (int i = 0; i < 4; i++) {
      append();
    }
    List<SpooledRecord> records = all(cursor);
    spool.acknowledge(at(records.get(1)));
    cursor.seek(spool.watermark());
    assertThat(numbers(all(cursor))).containsExactly(2L, 3L);
    assertThat(numbers(all(spool.cursor()))).containsExactly(2L, 3L);
    cursor.seek(at(records.get(3)));
    assertThat(all(cursor)).isEmpty();
    append();
    assertThat(numbers(all(cursor))).containsExactly(4L);
  }

  @Test
  void cursors_readEachForItself() {
    append();
    try (SpoolCursor other = spool.cursor()) {
      assertThat(all(cursor)).hasSize(1);
      append();
      assertThat(all(other)).hasSize(2);
      assertThat(all(cursor)).hasSize(1);
    }
  }

  @Test
  void threads_getUniqueNumbersWithoutHoles_andTheirOrderIsTheRecords() throws Exception {
    int threads = 8;
    int each = 5_000;
    List<Callable<List<Long>>> tasks = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String name = "thread " + t + " ";
      tasks.add(() -> LongStream.range(0, each).map(i -> append(name + i)).boxed().toList());
    }
    Future<List<SpooledRecord>> reading;
    List<Future<List<Long>>> done;
    ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
    try {
      reading = pool.submit(() -> readUntil(threads * each));
      done = pool.invokeAll(tasks);
      List<SpooledRecord> read = reading.get();
      assertThat(numbers(read))
          .containsExactlyElementsOf(LongStream.range(0, read.size()).boxed().toList());
      for (int t = 0; t < threads; t++) {
        List<Long> numbers = done.get(t).get();
        for (int i = 0; i < each; i++) {
          assertThat(text(read.get(numbers.get(i).intValue()))).isEqualTo("thread " + t + " " + i);
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private List<SpooledRecord> readUntil(int count) {
    List<SpooledRecord> read = new ArrayList<>();
    while (read.size() < count) {
      tend();
      List<SpooledRecord> batch = cursor.read(1000, 1 << 20);
      read.addAll(batch);
      if (!batch.isEmpty()) {
        spool.acknowledge(at(batch.get(batch.size() - 1)));
      }
    }
    return read;
  }

  @Test
  void full_refuses_andAccountsForItOnceThereIsRoom() throws Exception {
    stop();
    spool = openNarrow();
    cursor = spool.cursor();
    long count = fill();
    assertThat(append("refused too, unless it is small")).isIn(Spool.REFUSED, count);
    assertThat(spool.append(RecordKind.AUDIT, new byte[1000])).isEqualTo(Spool.REFUSED);
    long refused = spool.state().refused();
    assertThat(refused).isBetween(2L, 3L);
    List<SpooledRecord> before = all(cursor);
    spool.acknowledge(at(before.get(before.size() - 1)));
    tend();
    tend();
    assertThat(append("accepted")).isNotEqualTo(Spool.REFUSED);
    tend();

    List<SpooledRecord> after = all(cursor);
    assertThat(after).hasSize(2);
    SpooledRecord gap = after.stream().filter(r -> r.kind() == RecordKind.CONTROL).findAny().get();
    assertThat(gap.sequence() - gap.first() + 1).isEqualTo(refused);
    assertThat(text(gap)).startsWith("dropped " + gap.first() + "…" + gap.sequence() + " the ");
    long expected = before.get(before.size() - 1).sequence() + 1;
    for (SpooledRecord record : after) {
      assertThat(record.first()).isEqualTo(expected);
      expected = record.sequence() + 1;
    }
    assertThat(spool.state().refused()).isEqualTo(refused);
  }

  @Test
  void refuse_isAccountedForBeforeTheLastRecord() {
    spool.refuse("not encodable");
    spool.appendLast(RecordKind.CONTROL, new byte[1]);

    List<SpooledRecord> records = all(cursor);
    assertThat(numbers(records)).containsExactly(0L, 1L);
    assertThat(text(records.get(0))).isEqualTo("dropped 0…0 not encodable");
  }

  @Test
  void afterTheLastRecord_everythingIsRefusedWithoutANumber() {
    append();
    spool.appendLast(RecordKind.CONTROL, new byte[1]);

    assertThat(append()).isEqualTo(Spool.REFUSED);
    assertThat(spool.append(RecordKind.CONTROL, new byte[1])).isEqualTo(Spool.REFUSED);
    tend();
    assertThat(numbers(all(cursor))).containsExactly(0L, 1L);
    assertThat(spool.state().nextSequence()).isEqualTo(2);
  }

  @Test
  void state_countsWhatWaits() {
    append();
    append();
    spool.append(RecordKind.CONTROL, new byte[10]);
    assertThat(spool.state().accepted()).isEqualTo(2);
    assertThat(spool.state().records()).isEqualTo(3);
    assertThat(spool.state().bytes()).isGreaterThan(2 * SMALL);
    assertThat(spool.state().oldestAge()).isLessThan(Duration.ofMinutes(1));
    List<SpooledRecord> records = all(cursor);
    spool.acknowledge(at(records.get(2)));
    assertThat(spool.state().bytes()).isZero();
    assertThat(spool.state().records()).isZero();
    assertThat(spool.state().oldestAge()).isEqualTo(Duration.ZERO);
    assertThat(spool.state().nextSequence()).isEqualTo(3);
  }
}
