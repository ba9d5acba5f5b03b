package dev.bitacora.collector.index;

import java.time.Instant;

/**
 * Hears which logs are ours and how far each of them is durable. Called by the thread that reads
 * the logs: it must be quick.
 */
public interface LogProgress {
  /** Takes no note. */
  LogProgress UNHEARD =
      new LogProgress() {
        @Override
        public void assigned(String log) {}

        @Override
        public void settledThrough(String log, Instant appended, boolean isAll) {}

        @Override
        public void revoked(String log) {}
      };

  /** This log is ours from now on; none of its records has been read yet. */
  void assigned(String log);

  /**
   * About every second: what the log took up to this moment is durable, and every {@link Observer}
   * has seen it.
   *
   * @param appended the beginning of time when nothing has been read yet
   * @param isAll true when the log has nothing beyond it, as far as its server has told
   */
  void settledThrough(String log, Instant appended, boolean isAll);

  /** This log is somebody else's. */
  void revoked(String log);
}
