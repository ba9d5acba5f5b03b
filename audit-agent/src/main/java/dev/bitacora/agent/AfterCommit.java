package dev.bitacora.agent;

/**
 * A transaction, as far as auditing is concerned: something that can be told what to do once it has
 * committed. For Spring, {@code TransactionSynchronizationManager}; for Jakarta Transactions,
 * {@code TransactionSynchronizationRegistry}; the documentation shows both.
 */
@FunctionalInterface
public interface AfterCommit {
  /**
   * Sees to it that the task runs once the transaction has committed, and never when it has rolled
   * back. Throws when there is no transaction.
   */
  void register(Runnable task);
}
