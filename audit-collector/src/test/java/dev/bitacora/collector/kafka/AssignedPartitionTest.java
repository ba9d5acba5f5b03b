package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Poison;
import dev.bitacora.store.LogPosition;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class AssignedPartitionTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Accounts accounts = new Accounts();
  private final Queue<AssignedPartition.Settled> settlements = new ArrayDeque<>();
  private final AssignedPartition partition =
      new AssignedPartition(new TopicPartition("bitacora.audit", 3), accounts, settlements);

  private RawRecord raw(long offset) {
    return new RawRecord(
        Optional.of(new LogPosition(partition.log(), offset)),
        "",
        Optional.empty(),
        List.of(),
        Optional.of(new byte[(int) (offset % 100)]));
  }

  private PendingRecord record(long offset) {
    return PendingRecord.poisoned(
        raw(offset), new Poison(DeadLetterReason.MALFORMED_JSON, "no JSON"), partition);
  }

  private void consume(long offset) {
    partition.consumed(offset, raw(offset), NOON.plusSeconds(offset));
  }

  private long settle(long offset) {
    return partition.settle(record(offset), Settlement.DEADLETTERED);
  }

  @Test
  void aPartitionOfWhichNothingWasRead_hasNothingToCommit() {
    assertThat(partition.toCommit()).isEmpty();
    assertThat(partition.durableTo()).isEmpty();
    assertThat(partition.isSettled()).isTrue();
  }

  @Test
  void whereReadingStarts_isCommittedBeforeAnyRecord() {
    partition.startAt(70);
    assertThat(partition.toCommit()).hasValue(70);
    partition.committed(70);
    assertThat(partition.toCommit()).isEmpty();
  }

  @Test
  void startingAfterALoss_keepsWhatIsInFlightBeforeIt() {
    consume(10);
    partition.startAt(70);
    assertThat(partition.toCommit()).hasValue(10);
    assertThat(settle(10)).isEqualTo(raw(10).size());
    assertThat(partition.toCommit()).hasValue(70);
  }

  @Test
  void offsetsThatHoldNoRecord_areCommittedOver() {
    consume(5);
    consume(9);
    settle(9);
    assertThat(partition.toCommit()).hasValue(5);
    settle(5);
    assertThat(partition.toCommit()).hasValue(10);
  }

  @Test
  void aRecordThatIsSettledTwice_isBookedOnce() {
    consume(1);
    assertThat(settle(1)).isPositive();
    assertThat(settle(1)).isZero();
    assertThat(accounts.balance().deadLetteredTotal()).isEqualTo(1);
    assertThat(accounts.balance().isBalanced()).isTrue();
  }

  @Test
  void whatIsReleased_isBookedAsReleasedAndNotAgainWhenASenderComesLate() {
    consume(1);
    consume(2);
    settle(1);
    assertThat(partition.release()).isEqualTo(raw(2).size());
    assertThat(settle(2)).isZero();
    assertThat(partition.isWanted()).isFalse();
    assertThat(accounts.balance().released()).isEqualTo(1);
    assertThat(accounts.balance().inFlight()).isZero();
    assertThat(accounts.balance().inFlightBytes()).isZero();
    assertThat(accounts.balance().isBalanced()).isTrue();
  }

  @Test
  void anyOrder_commitsWhatASetOfOutstandingOffsetsSays() {
    for (int seed = 0; seed < 100; seed++) {
      checkAgainstASet(new Random(seed), "seed " + seed);
    }
  }

  private static void checkAgainstASet(Random random, String seed) {
    AssignedPartitionTest fresh = new AssignedPartitionTest();
    TreeMap<Long, Instant> outstanding = new TreeMap<>();
    long next = random.nextInt(1000);
    for (int step = 0; step < 1000; step++) {
      if (random.nextBoolean()) {
        next += random.nextInt(20) == 0 ? random.nextInt(5) : 0;
        fresh.consume(next);
        outstanding.put(next, NOON.plusSeconds(next));
        next++;
      } else if (!outstanding.isEmpty()) {
        List<Long> offsets = new ArrayList<>(outstanding.keySet());
        long done = offsets.get(random.nextInt(Math.min(offsets.size(), 30)));
        outstanding.remove(done);
        assertThat(fresh.settle(done)).as(seed).isEqualTo(fresh.raw(done).size());
      }
      if (fresh.accounts.balance().consumed() > 0) {
        long safe = outstanding.isEmpty() ? next : outstanding.firstKey();
        assertThat(fresh.partition.durableTo()).as(seed).hasValue(safe);
        assertThat(fresh.partition.oldest())
            .as(seed)
            .isEqualTo(Optional.ofNullable(outstanding.firstEntry()).map(e -> e.getValue()));
        assertThat(fresh.accounts.balance().inFlight()).as(seed).isEqualTo(outstanding.size());
      }
    }
  }
}
