package dev.bitacora.agent;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** The documentation's example for Jakarta Transactions. */
final class JakartaTransaction {
  private JakartaTransaction() {}

  static AfterCommit of(TransactionSynchronizationRegistry registry) {
    return task ->
        registry.registerInterposedSynchronization(
            new Synchronization() {
              @Override
              public void beforeCompletion() {
                // nothing is sure yet
              }

              @Override
              public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) {
                  task.run();
                }
              }
            });
  }
}
