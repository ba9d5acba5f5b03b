package dev.bitacora.viewer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.core.query.Query;
import dev.bitacora.store.StoreException;
import dev.bitacora.viewer.access.Identity;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryGateTest {
  private static final Identity ANN = identity("ann");
  private static final Identity BOB = identity("bob");

  private final QueryGate gate = new QueryGate(Duration.ofSeconds(1), 1);
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    gate.close();
  }

  @Test
  void aQuery_thatTakesTooLong_isGivenUpButCountsUntilItEnds() throws Exception {
    Callable<String> slow =
        () -> {
          released.await();
          return "late";
        };
    assertThatThrownBy(() -> gate.ask(ANN, slow)).isInstanceOf(StoreException.TimedOut.class);
    assertThatThrownBy(() -> gate.ask(ANN, () -> "x")).isInstanceOf(TooManyQueriesException.class);
    assertThat(gate.ask(BOB, () -> "other people are not held up")).isNotEmpty();
    released.countDown();
    await()
        .ignoreException(TooManyQueriesException.class) // it ends a moment after it may
        .untilAsserted(() -> assertThat(gate.ask(ANN, () -> "again")).isEqualTo("again"));
  }

  @Test
  void aFailure_isPassedOnAndFreesItsPlace() throws Exception {
    assertThatThrownBy(
            () ->
                gate.ask(
                    ANN,
                    () -> {
                      throw new StoreException("down");
                    }))
        .hasMessage("down");
    assertThat(gate.ask(ANN, () -> "ok")).isEqualTo("ok");
  }

  private static Identity identity(String id) {
    return new Identity(Identity.Kind.USER, id, id, Set.of(), Query.ALL);
  }
}
