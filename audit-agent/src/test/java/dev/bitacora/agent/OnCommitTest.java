package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.TestConfig;
import dev.bitacora.core.wire.RecordKind;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** What a transaction does is recorded if it commits, and not otherwise. */
final class OnCommitTest {
  private final IntakeServer intake = new IntakeServer("t");
  private final AuditLog audit = AuditLog.open(TestConfig.deliveringTo(intake).build());

  @AfterEach
  void close() {
    audit.close();
    intake.close();
  }

  private List<String> arrived() {
    audit.close();
    return intake.events(RecordKind.AUDIT).stream()
        .map(event -> event.text("event.action").orElseThrow())
        .toList();
  }

  private CompletableFuture<Receipt> record(String action, AfterCommit transaction) {
    return audit.event(action).success().onCommit(transaction);
  }

  /** Spring's own transaction manager over nothing. */
  private static final class EmptyTransactions extends AbstractPlatformTransactionManager {
    @Override
    protected Object doGetTransaction() {
      return new Object();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {}

    @Override
    protected void doCommit(DefaultTransactionStatus status) {}

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}
  }

  @Test
  void spring_recordsWhatIsCommitted_andNothingThatIsRolledBack() {
    TransactionTemplate transactions = new TransactionTemplate(new EmptyTransactions());
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    transactions.executeWithoutResult(
        status -> {
          receipts.add(record("invoice.create", SpringTransaction::afterCommit));
          assertThat(receipts.get(0)).as("nothing is sure yet").isNotDone();
        });
    transactions.executeWithoutResult(
        status -> {
          receipts.add(record("invoice.delete", SpringTransaction::afterCommit));
          status.setRollbackOnly();
        });

    assertThat(receipts.get(0).join().isAccepted()).isTrue();
    assertThat(receipts.get(1)).isNotDone();
    assertThat(arrived()).containsExactly("invoice.create");
  }

  @Test
  void jakarta_recordsWhatIsCommitted_andNothingThatIsRolledBack() {
    List<Synchronization> registered = new ArrayList<>();
    TransactionSynchronizationRegistry registry =
        (TransactionSynchronizationRegistry)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TransactionSynchronizationRegistry.class},
                (proxy, method, arguments) -> {
                  registered.add((Synchronization) arguments[0]);
                  return null;
                });
    var kept = record("invoice.create", JakartaTransaction.of(registry));
    var dropped = record("invoice.delete", JakartaTransaction.of(registry));
    registered.forEach(Synchronization::beforeCompletion);
    registered.get(0).afterCompletion(Status.STATUS_COMMITTED);
    registered.get(1).afterCompletion(Status.STATUS_ROLLEDBACK);

    assertThat(kept.join().isAccepted()).isTrue();
    assertThat(dropped).isNotDone();
    assertThat(arrived()).containsExactly("invoice.create");
  }

  @Test
  void withoutATransaction_itIsRecordedAtOnce_andOnce() {
    AfterCommit confused =
        task -> {
          task.run();
          throw new IllegalStateException("no transaction");
        };
    assertThat(record("a.one", SpringTransaction::afterCommit).join().isAccepted()).isTrue();
    assertThat(record("a.two", confused).join().isAccepted()).isTrue();
    await().until(() -> audit.health().acknowledged() == 2);
    assertThat(arrived()).containsExactly("a.one", "a.two");
  }

  /** What the documentation shows is what is tested here. */
  @Test
  void documentation_showsTheseExamples() throws IOException {
    Path root = Path.of(System.getProperty("bitacora.root"));
    String page = Files.readString(root.resolve("docs/durability.md"));
    for (String example : List.of("SpringTransaction", "JakartaTransaction")) {
      Path source =
          root.resolve("audit-agent/src/test/java/dev/bitacora/agent/" + example + ".java");
      String code = Files.readString(source).replaceAll("(?m)^  ", "");
      String method = code.substring(code.indexOf("static "), code.lastIndexOf("\n}"));
      assertThat(page).contains(method.substring(method.indexOf("\nstatic ") + 1));
    }
  }

  @Test
  void timeAndContext_areThoseOfTheCall() {
    List<Runnable> commit = new ArrayList<>();
    var receipt = record("a.b", commit::add);
    java.time.Instant called = java.time.Instant.now();
    await().until(() -> java.time.Instant.now().isAfter(called.plusMillis(50)));
    commit.get(0).run();

    assertThat(receipt.join().position()).isNotEqualTo(Optional.empty());
    assertThat(IntakeServer.parse(receipt.join().bytes()).timestamp()).isBeforeOrEqualTo(called);
  }
}
