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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows a stream's commits, whether they can be delivered or not, and signs the chain: every
 * 1,000 records, or a second after it came to the first that is not sealed yet. A backlog is thus
 * sealed before anybody could touch it. The key lives in this process's memory and dies with it.
 *
 * <p>Where the shipper is first, its links are taken over and nothing is read; what it does not
 * come to soon is read here.
 */
public final class Sealer implements AutoCloseable, Duty {
  private static final int MOST_UNSEALED = 1000;
  private static final Duration LOOK = Duration.ofMillis(50);

  /** How long the shipper is waited for; it gathers records for 100 ms and then sends them. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long LONGEST_UNSEALED_NANOS = TimeUnit.SECONDS.toNanos(1);
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
  private long unsealed;
  private long unsealedSince;

  /** How far the shipper was when it was last ahead, and the link there; the cursor follows it. */
  private long takenUpTo = -1;

  private ChainLink takenLink = ChainLink.ZERO;

  /** When the shipper was last ahead, or there was nothing to come to. */
  private long shipperAwaitedSince = System.nanoTime() - PATIENCE_NANOS;

  /** Numbers of what was written here and is not followed yet; it must not ask for another seal. */
  private final Deque<Long> seals = new ArrayDeque<>();

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
    boolean hasMoved = follow(true);
    sealIfDue();
    return Optional.of(hasMoved ? Duration.ZERO : LOOK);
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
    seals.removeIf(written -> written <= sequence);
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
    takenLink = link;
    takenUpTo = sequence;
  }

  /** Goes on along the stream; whether there was anything. */
  private synchronized boolean follow(boolean isShipperAwaited) {
    links.sentBeyond(Math.max(sequence, takenUpTo)).ifPresent(this::takeOver);
    if (sequence < takenUpTo) {
      goOn();
      return true;
    }
    if (!cursor.hasNext()) {
      shipperAwaitedSince = System.nanoTime();
      return false;
    }
    boolean isInPatience = System.nanoTime() - shipperAwaitedSince < PATIENCE_NANOS;
    return !(isShipperAwaited && isInPatience) && read();
  }

  private void takeOver(Watermark sent) {
    cursor.seek(sent);
    takenUpTo = sent.sequence();
    takenLink = sent.link();
    shipperAwaitedSince = System.nanoTime();
  }

  /** To where a seal is due, or as far as the shipper was. */
  private void goOn() {
    long due = sequence + mostBeforeSeal();
    Optional<ChainLink> there = due < takenUpTo ? links.known(due) : Optional.empty();
    followed(there.isPresent() ? due : takenUpTo, there.orElse(takenLink));
  }

  private boolean read() {
    List<SpooledRecord> records = cursor.read(mostBeforeSeal(), BATCH_BYTES);
    for (SpooledRecord record : records) {
      followed(record.sequence(), links.after(record, link));
    }
    return !records.isEmpty();
  }

  private int mostBeforeSeal() {
    return (int) (MOST_UNSEALED - unsealed % MOST_UNSEALED);
  }

  private void followed(long upTo, ChainLink after) {
    long records = upTo - sequence;
    while (!seals.isEmpty() && seals.peek() <= upTo) {
      seals.remove();
      records--;
    }
    if (unsealed == 0) {
      unsealedSince = System.nanoTime();
    }
    unsealed += records;
    sequence = upTo;
    link = after;
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
      seals.add(written);
      unsealed = 0;
    }
  }

  /** Seals what is there now, a last time, and ends. */
  @Override
  public void close() {
    thread.end(Duration.ofSeconds(1));
    try {
      while (follow(false)) {
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
