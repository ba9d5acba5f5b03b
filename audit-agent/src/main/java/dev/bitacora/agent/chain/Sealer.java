package dev.bitacora.agent.chain;

import dev.bitacora.agent.spool.Spool;
import dev.bitacora.agent.spool.SpoolCursor;
import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.Seal;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.RecordKind;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Follows a stream's commits, whether they can be delivered or not, and signs the chain: every
 * 1,000 records, or a second after the first that is not sealed yet. A backlog is thus sealed
 * before anybody could touch it. The key lives in this process's memory and dies with it.
 */
public final class Sealer implements AutoCloseable {
  private static final int MOST_UNSEALED = 1000;
  private static final long LONGEST_UNSEALED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int BATCH_BYTES = 1 << 20;

  private final Spool spool;
  private final Links links;
  private final SealRecord sealRecord;
  private final Consumer<String> reports;
  private final SpoolCursor cursor;
  private final Thread thread;
  private volatile boolean closed;

  // Guarded by this.
  private Optional<PrivateKey> key = Optional.empty();
  private ChainLink link = ChainLink.ZERO;
  private long sequence = -1;
  private int unsealed;
  private long unsealedSince;
  private long lastSeal = -1;

  /**
   * A sealer without a key.
   *
   * @param spool of the stream, with nothing in it yet
   */
  public Sealer(
      String threadName,
      Spool spool,
      Links links,
      SealRecord sealRecord,
      Consumer<String> reports) {
    this.spool = spool;
    this.links = links;
    this.sealRecord = sealRecord;
    this.reports = reports;
    this.cursor = spool.ownCursor();
    thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /** Makes the key, which takes some 50 ms; its public half, 32 bytes, is to be recorded. */
  public synchronized byte[] makeKey() throws GeneralSecurityException {
    KeyPair fresh = KeyPairGenerator.getInstance(Seal.ALGORITHM).generateKeyPair();
    key = Optional.of(fresh.getPrivate());
    return Seal.rawKey(fresh.getPublic());
  }

  /** Begins to seal; there is a key. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        if (follow() == 0) {
          LockSupport.parkNanos(this, LOOK.toNanos());
        }
        sealIfDue();
      } catch (GeneralSecurityException | RuntimeException | Error e) {
        reports.accept("the stream cannot be sealed: " + e);
        LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(10));
      }
    }
  }

  private synchronized int follow() {
    List<SpooledRecord> records =
        cursor.read(MOST_UNSEALED - unsealed % MOST_UNSEALED, BATCH_BYTES);
    for (SpooledRecord record : records) {
      link = links.after(record, link);
      sequence = record.sequence();
      if (!isSeal(record)) {
        unsealedSince = unsealed == 0 ? System.nanoTime() : unsealedSince;
        unsealed++;
      }
    }
    return records.size();
  }

  /** What was written here; it must not ask for another seal. */
  private boolean isSeal(SpooledRecord record) {
    return record.sequence() == lastSeal;
  }

  private synchronized void sealIfDue() throws GeneralSecurityException {
    boolean isDue =
        key.isPresent()
            && (unsealed >= MOST_UNSEALED
                || (unsealed > 0 && System.nanoTime() - unsealedSince >= LONGEST_UNSEALED_NANOS));
    if (isDue) {
      seal();
    }
  }

  private void seal() throws GeneralSecurityException {
    Signature signer = Signature.getInstance(Seal.ALGORITHM);
    signer.initSign(key.orElseThrow());
    signer.update(Seal.message(new StreamPosition(spool.stream(), sequence), link));
    byte[] record = sealRecord.write(sequence, link, signer.sign());
    lastSeal = spool.append(RecordKind.CONTROL, record);
    unsealed = 0;
  }

  /** Seals what is there now, a last time, and ends. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      while (follow() > 0) {
        sealIfDue();
      }
      synchronized (this) {
        if (unsealed > 0 && key.isPresent()) {
          seal();
        }
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      reports.accept("the stream's end cannot be sealed: " + e);
    }
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cursor.close();
  }
}
