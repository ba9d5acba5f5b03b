package dev.bitacora.viewer.access;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Argon2id with OWASP's parameters. Two are computed at once at most, so that a flood of log-ins
 * takes at most 40 MB.
 */
final class Passwords {
  static final int MIN_LENGTH = 12;
  static final int MAX_LENGTH = 256;

  private static final int MEMORY_KIB = 19 * 1024;
  private static final int ITERATIONS = 2;
  private static final int SALT_BYTES = 16;

  private final Semaphore running = new Semaphore(2);

  /** Why this cannot be a password, for the person who chose it. */
  static Optional<String> problem(String password, String user) {
    if (password.length() < MIN_LENGTH) {
      return Optional.of("A password has at least " + MIN_LENGTH + " characters.");
    }
    if (password.length() > MAX_LENGTH) {
      return Optional.of("A password has at most " + MAX_LENGTH + " characters.");
    }
    if (password.equalsIgnoreCase(user) || password.chars().distinct().count() < 5) {
      return Optional.of("This password is too easy to guess.");
    }
    return Optional.empty();
  }

  String hash(String password) {
    return limited(
        () ->
            Password.hash(password)
                .addRandomSalt(SALT_BYTES)
                .with(Argon2Function.getInstance(MEMORY_KIB, ITERATIONS, 1, 32, Argon2.ID))
                .getResult());
  }

  /**
   * Whether the password belongs to the hash. Without a hash it takes as long and is false, so that
   * nobody learns which users exist.
   */
  boolean matches(String password, Optional<String> hash) {
    if (password.length() > MAX_LENGTH) {
      return false;
    }
    if (hash.isEmpty()) {
      hash(password);
      return false;
    }
    return limited(
        () ->
            Password.check(password, hash.get())
                .with(Argon2Function.getInstanceFromHash(hash.get())));
  }

  private <T> T limited(java.util.function.Supplier<T> work) {
    running.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      running.release();
    }
  }
}
