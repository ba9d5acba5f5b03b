package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemorySpoolTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T00:00:00Z"), ZoneOffset.UTC);

  /** Room for four records of 36 bytes. */
  private final MemorySpool spool =
      new MemorySpool(
          StreamId.newAt(CLOCK.instant()),
          400,
          (first, last, firstTime, lastTime, reason) ->
              (first + "…" + last + " " + reason).getBytes(StandardCharsets.UTF_8),
          CLOCK);

  private long append() {
    return spool.append(RecordKind.AUDIT, new byte[36]);
  }

  private List<Long> numbers(long from) {
    return spool.read(from, 100, 10_000).stream().map(SpooledRecord::sequence).toList();
  }

  @Test
  void append_numbersFromZero() {
    assertThat(append()).isZero();
    assertThat(append()).isEqualTo(1);
    assertThat(numbers(0)).containsExactly(0L, 1L);
  }

  @Test
  void read_beginsAnywhere_andAgainAfterRelease() {
    for (int i = 0; i < 4; i++) {
      append();
    }
    assertThat(numbers(2)).containsExactly(2L, 3L);
    assertThat(numbers(0)).containsExactly(0L, 1L, 2L, 3L);
    spool.release(1);
    assertThat(numbers(0)).containsExactly(2L, 3L);
    assertThat(numbers(4)).isEmpty();
    append();
    assertThat(numbers(4)).containsExactly(4L);
  }

  @Test
  void read_respectsItsLimits_butGivesAtLeastOne() {
    append();
    append();
    assertThat(spool.read(0, 1, 10_000)).hasSize(1);
    assertThat(spool.read(0, 10, 1)).hasSize(1);
    assertThat(spool.read(0, 10, 72)).hasSize(2);
  }

  @Test
  void full_refusesAndClosesTheGapWithOneRecord() {
    for (int i = 0; i < 4; i++) {
      append();
    }
    assertThat(append()).isEqualTo(Spool.REFUSED);
    assertThat(append()).isEqualTo(Spool.REFUSED);
    spool.release(3);
    assertThat(append()).isEqualTo(6);

    List<SpooledRecord> records = spool.read(4, 10, 10_000);
    assertThat(records).extracting(SpooledRecord::sequence).containsExactly(5L, 6L);
    assertThat(records.get(0).kind()).isEqualTo(RecordKind.CONTROL);
    assertThat(new String(records.get(0).value(), StandardCharsets.UTF_8))
        .startsWith("4…5 the queue of 400 bytes is full");
    assertThat(spool.state().refused()).isEqualTo(2);
    assertThat(spool.state().accepted()).isEqualTo(5);
  }

  @Test
  void full_stillTakesControlRecords() {
    for (int i = 0; i < 4; i++) {
      append();
    }
    assertThat(spool.append(RecordKind.CONTROL, new byte[500])).isEqualTo(4);
    assertThat(spool.state().accepted()).isEqualTo(4);
  }

  @Test
  void refuse_isAccountedForByTheLastRecord() {
    spool.refuse("not encodable");
    spool.appendLast(RecordKind.CONTROL, new byte[1]);

    assertThat(numbers(0)).containsExactly(0L, 1L);
    assertThat(new String(spool.read(0, 1, 99).get(0).value(), StandardCharsets.UTF_8))
        .isEqualTo("0…0 not encodable");
  }

  @Test
  void afterTheLastRecord_everythingIsRefusedWithoutANumber() {
    spool.appendLast(RecordKind.CONTROL, new byte[1]);

    assertThat(append()).isEqualTo(Spool.REFUSED);
    assertThat(spool.append(RecordKind.CONTROL, new byte[1])).isEqualTo(Spool.REFUSED);
    assertThat(spool.state().nextSequence()).isEqualTo(1);
  }

  @Test
  void release_freesTheBytes() {
    append();
    assertThat(spool.state().bytes()).isEqualTo(100);
    spool.release(0);
    assertThat(spool.state().bytes()).isZero();
    assertThat(spool.state().records()).isZero();
    assertThat(spool.state().oldestAge()).isEqualTo(Duration.ZERO);
  }

  @Test
  void durability_isMemory() {
    assertThat(spool.durability()).isEqualTo(Durability.MEMORY);
    assertThat(spool.durability().meaning()).contains("does not survive a crash");
  }
}
