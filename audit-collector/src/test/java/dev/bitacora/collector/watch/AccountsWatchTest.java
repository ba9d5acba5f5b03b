package dev.bitacora.collector.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.support.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AccountsWatchTest {
  private static final String LOG = "bitacora.audit/3";

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);
  private final Accounts accounts = new Accounts();
  private final AccountsWatch watch = new AccountsWatch(accounts, board);

  private List<Alarm> firing() {
    board.endOverdue();
    return board.firing().stream().map(FiringAlarm::alarm).toList();
  }

  private void deadLetter(DeadLetterReason reason) {
    accounts.consumed(LOG, 10);
    accounts.deadLettered(LOG, 10, reason);
    watch.look();
  }

  @Test
  void whatGoesWell_firesNothing() {
    accounts.consumed(LOG, 10);
    accounts.settled(LOG, 10, Settlement.INDEXED);
    accounts.consumed(LOG, 10);
    accounts.settled(LOG, 10, Settlement.DUPLICATE);
    watch.look();
    assertThat(firing()).isEmpty();
  }

  @Test
  void lostOffsets_areGraveForADay_andADayMoreWhenMoreAreLost() {
    accounts.lost(LOG, 42);
    watch.look();
    assertThat(firing()).hasSize(1);
    assertThat(firing().get(0).name()).isEqualTo("BitacoraLostOffsets");
    assertThat(firing().get(0).severity()).isEqualTo(Severity.CRITICAL);
    assertThat(firing().get(0).labels()).isEqualTo(Map.of("partition", LOG));
    assertThat(firing().get(0).summary()).startsWith("42 records of " + LOG);
    clock.forward(Duration.ofHours(20));
    accounts.lost(LOG, 8);
    watch.look();
    clock.forward(Duration.ofHours(20));
    watch.look();
    assertThat(firing().get(0).summary()).startsWith("50 records");
    clock.forward(Duration.ofHours(4));
    assertThat(firing()).isEmpty();
  }

  @Test
  void conflictingEvent_isGrave() {
    accounts.consumed(LOG, 10);
    accounts.settled(LOG, 10, Settlement.CONFLICT);
    watch.look();
    assertThat(firing()).extracting(Alarm::name).containsExactly("BitacoraConflictingEvents");
    assertThat(firing().get(0).severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void newDeadLetters_fireForAnHour_eachReasonByItself() {
    deadLetter(DeadLetterReason.MALFORMED_JSON);
    deadLetter(DeadLetterReason.TOO_LARGE);
    assertThat(firing())
        .extracting(alarm -> alarm.name() + alarm.labels())
        .containsExactlyInAnyOrder(
            "BitacoraDeadLetters{reason=malformed-json}", "BitacoraDeadLetters{reason=too-large}");
    clock.forward(Duration.ofMinutes(40));
    deadLetter(DeadLetterReason.TOO_LARGE);
    clock.forward(Duration.ofMinutes(40));
    watch.look();
    assertThat(firing()).hasSize(1);
    assertThat(firing().get(0).summary()).startsWith("2 records became dead letters (too-large)");
    clock.forward(Duration.ofMinutes(20));
    assertThat(firing()).isEmpty();
  }
}
