package dev.bitacora.agent.chain;

import dev.bitacora.agent.spool.Spool;
import dev.bitacora.agent.spool.SpoolCursor;
import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.agent.spool.Watermark;
import dev.bitacora.agent.supervision.Duty;
import dev.bitacora.agent.supervision.SupervisedThread;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.Seal;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.RecordKind;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows a stream's commits, whether they can be delivered or not, and signs the chain: every
 * 1,000 records, or a second after the first that is not sealed yet. A backlog is thus sealed
 * before anybody could touch it. The key lives in this process's memory and dies with it.
 */
public final class Sealer implements AutoCloseable, Duty {
  private static final int MOST_UNSEALED = 1000;
  private static final long LONGEST_UNSEALED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int BATCH_BYTES = 1 << 20;

  private final Spool spool;
  private final Links links;
  private final SealRecord sealRecord;
  private final Consumer<String> reports;
  private final SupervisedThread thread;

  // Guarded by this.
  private SpoolCursor cursor;
  private Optional<KeyPair> key = Optional.empty();
  private ChainLink link = ChainLink.ZERO;
  private long sequence = -1;
  private int unsealed;
  private long unsealedSince;
  private long lastSeal = -1;

  /**
   * A sealer without a key.
   *
   * @param spool of the stream, with nothing in it yet
   * @param supervision makes its thread
   */
  public Sealer(
      String threadName,
      Spool spool,
      Links links,
      SealRecord sealRecord,
      Supervision supervision,
      Consumer<String> reports) {
    this.spool = spool;
    this.links = links;
    this.sealRecord = sealRecord;
    this.reports = reports;
    this.cursor = spool.ownCursor();
    this.thread = supervision.thread(threadName, this);
  }

  /** Makes the key once, which takes some 50 ms; its public half, 32 bytes, is to be recorded. */
  public synchronized byte[] makeKey() throws GeneralSecurityException {
    if (key.isEmpty()) {
      key = Optional.of(KeyPairGenerator.getInstance(Seal.ALGORITHM).generateKeyPair());
    }
    return Seal.rawKey(key.get().getPublic());
  }

  /** Begins to seal; there is a key. */
  public void start() {
    thread.start();
  }

  @Override
  public Optional<Duration> perform() throws GeneralSecurityException {
    int followed = follow();
    sealIfDue();
    return Optional.of(followed == 0 ? LOOK : Duration.ZERO);
  }

  /** Where the chain is known: behind what is delivered, with the link that it carried. */
  @Override
  public synchronized void startOver() {
    Watermark delivered;
    do {
      delivered = spool.watermark();
      standBehind(delivered);
    } while (spool.watermark().segment() != delivered.segment()); // or it may be gone already
    unsealed = 0;
  }

  private void standBehind(Watermark delivered) {
    boolean isOwn = delivered.stream().equals(spool.stream());
    if (isOwn) {
      cursor.seek(delivered);
    } else {
      SpoolCursor before = cursor;
      cursor = spool.ownCursor();
      before.close();
    }
    link = isOwn ? delivered.link() : ChainLink.ZERO;
    sequence = isOwn ? delivered.sequence() : -1;
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

  /** Where there is no room, a later seal vouches for these records, too. */
  private void seal() throws GeneralSecurityException {
    Signature signer = Signature.getInstance(Seal.ALGORITHM);
    signer.initSign(key.orElseThrow().getPrivate());
    signer.update(Seal.message(new StreamPosition(spool.stream(), sequence), link));
    byte[] record = sealRecord.write(sequence, link, signer.sign());
    long written = spool.appendIfRoom(RecordKind.CONTROL, record);
    if (written != Spool.REFUSED) {
      lastSeal = written;
      unsealed = 0;
    }
  }

  /** Seals what is there now, a last time, and ends. */
  @Override
  public void close() {
    thread.end(Duration.ofSeconds(1));
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
    closeCursor();
  }

  private synchronized void closeCursor() {
    cursor.close();
  }
}
