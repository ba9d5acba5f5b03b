package dev.bitacora.collector.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.RawRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatcherTest {
  private static final Receipt NOBODY =
      new Receipt() {
        @Override
        public void settled(PendingRecord record, Settlement how) {}

        @Override
        public boolean isWanted() {
          return true;
        }
      };

  private final Batcher batcher = new Batcher();

  @Test
  void add_ofTheTwoThousandthRecord_givesTheBatch() {
    for (int i = 1; i < 1000; i++) {
      assertThat(batcher.add(record(10))).isEmpty();
    }
    assertThat(batcher.add(record(10))).hasSize(1000);
    assertThat(batcher.take()).isEmpty();
  }

  @Test
  void add_thatReachesFiveMebibytes_givesTheBatch() {
    for (int i = 0; i < 4; i++) {
      assertThat(batcher.add(record(1 << 20))).isEmpty();
    }
    assertThat(batcher.add(record(1 << 20))).hasSize(5);
  }

  @Test
  void takeOld_givesABatchOnlyWhenItIsOldEnough() {
    assertThat(batcher.takeOld()).isEmpty();
    assertThat(batcher.timeLeft()).isEqualTo(Duration.ofMillis(200));
    batcher.add(record(10));
    await().until(() -> batcher.timeLeft().isZero());
    assertThat(batcher.takeOld()).hasSize(1);
  }

  @Test
  void backoff_doublesFromATenthOfASecondToThirty() {
    assertThat(List.of(1, 2, 3, 9, 10, 11, 1000).stream().map(Backoff::limitMillis))
        .containsExactly(100L, 200L, 400L, 25_600L, 30_000L, 30_000L, 30_000L);
    for (int i = 0; i < 100; i++) {
      assertThat(Backoff.after(3)).isBetween(Duration.ZERO, Duration.ofMillis(400));
    }
  }

  private static LogRecord record(int bytes) {
    return new LogRecord(RawRecord.unnumbered(new byte[bytes], ""), Instant.EPOCH, NOBODY);
  }
}
