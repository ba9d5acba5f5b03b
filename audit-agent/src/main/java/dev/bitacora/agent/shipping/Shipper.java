package dev.bitacora.agent.shipping;

import dev.bitacora.agent.chain.Links;
import dev.bitacora.agent.shipping.DeliveryState.Phase;
import dev.bitacora.agent.spool.SpoolCursor;
import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.agent.spool.Undelivered;
import dev.bitacora.agent.spool.Watermark;
import dev.bitacora.agent.supervision.Backoff;
import dev.bitacora.agent.supervision.Duty;
import dev.bitacora.agent.supervision.SupervisedThread;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One lane's way out: a daemon thread that sends from the oldest unacknowledged record, in order,
 * and begins there again after any failure. Nothing leaves the spool before the destination has
 * acknowledged it, so nothing is lost while the process lives.
 *
 * <p>The chain's links are computed here, in the order of the spool, from the link at the
 * watermark: a record that is sent again carries the same link again.
 */
public final class Shipper implements AutoCloseable, Duty {
  private static final int MAX_RECORDS = 2000;

  /** The intake's limit and Kafka's {@code max.request.size} are 1 MiB; headers need some of it. */
  private static final int MAX_BYTES = 800 * 1024;

  /** Recording wakes nobody, because that would be a system call: the shipper looks. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(5);

  private static final Duration LAST_LOOK = Duration.ofMillis(50);

  /**
   * What is recorded within this time goes together, the first after a pause as well: a request
   * costs its component and the broker as much as hundreds of records do, and what makes many
   * records at once has better things to do meanwhile.
   */
  private static final Duration BETWEEN_SENDS = Duration.ofMillis(100);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration PAUSE_WHILE_CLOSING = Duration.ofMillis(250);
  private static final Duration HELD_PAUSE = Duration.ofSeconds(10);

  private final Undelivered spool;
  private final StreamId own;
  private final Optional<Links> chain;
  private final TransportFactory transports;
  private final Consumer<String> reports;
  private final SupervisedThread thread;
  private final Acknowledgements acknowledgements = new Acknowledgements();

  // The shipper's thread alone.
  private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
  private final Deque<Shipment> underway = new ArrayDeque<>();
  private final SpoolCursor cursor;
  private Transport transport;
  private StreamId stream;
  private ChainLink nextLink;
  private Duration look = FIRST_LOOK;

  /** System.nanoTime() from which on what is there is sent, however little it is. */
  private long nextSend = System.nanoTime();

  private long highestShipped = -1;
  private long failuresInARow;

  /** Read, but not sent yet. */
  private List<SpooledRecord> ahead = List.of();

  // Written by the shipper's thread, read by any.
  private volatile Phase phase = Phase.DELIVERING;
  private final AtomicLong shipped = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile String lastError;

  /** System.nanoTime() after which to give up; only meaningful once closing. */
  private volatile long giveUpAt;

  private volatile boolean closing;

  /**
   * A shipper that has not started.
   *
   * @param own the stream whose records are counted and can be waited for
   * @param threadName begins with the agent's prefix, by which its own logging is recognised
   * @param chain of the audit lane; the log lane has none
   * @param supervision makes its thread
   * @param reports takes one line per change of state
   */
  public Shipper(
      String threadName,
      Undelivered spool,
      StreamId own,
      Optional<Links> chain,
      TransportFactory transports,
      Supervision supervision,
      Consumer<String> reports) {
    this.spool = spool;
    this.own = own;
    this.chain = chain;
    this.transports = transports;
    this.reports = reports;
    this.cursor = spool.cursor();
    this.stream = spool.watermark().stream();
    this.nextLink = spool.watermark().link();
    this.thread = supervision.thread(threadName, this);
  }

  public void start() {
    thread.start();
  }

  /** Completes once the destination has acknowledged this number, which is sent without delay. */
  public CompletableFuture<Void> acknowledgementOf(long sequence) {
    CompletableFuture<Void> acknowledgement = acknowledgements.of(sequence);
    if (!acknowledgement.isDone()) {
      thread.wake();
    }
    return acknowledgement;
  }

  public DeliveryState state() {
    return new DeliveryState(
        phase, shipped.get(), acknowledged.get(), failures.get(), Optional.ofNullable(lastError));
  }

  /** Begins to close: sends what is left, and gives up when the time is over. */
  public void drain(Duration atMost) {
    giveUpAt = System.nanoTime() + atMost.toNanos();
    closing = true;
    thread.wake();
  }

  /** Waits for the end of {@link #drain}; what is left stays unsent. Bounded. */
  @Override
  public void close() {
    if (!closing) {
      drain(Duration.ZERO);
    }
    long remaining = TimeUnit.NANOSECONDS.toMillis(giveUpAt - System.nanoTime());
    if (!thread.join(Duration.ofMillis(Math.max(0, remaining) + 250))) {
      thread.interrupt();
    }
    phase = Phase.STOPPED;
    acknowledgements.close(
        "the agent was closed before " + transports.destination() + " acknowledged the record");
  }

  @Override
  public Optional<Duration> perform() {
    try {
      if (!isFinished()) {
        doWork();
        return Optional.of(Duration.ZERO);
      }
    } catch (DeliveryFailure e) {
      rewind(e);
      return Optional.of(Duration.ZERO);
    } catch (InterruptedException e) {
      // as closing does when its time is over
    }
    closeTransport();
    cursor.close();
    return Optional.empty();
  }

  private boolean isFinished() {
    return closing && (isEmpty() || System.nanoTime() - giveUpAt >= 0);
  }

  private boolean isEmpty() {
    return underway.isEmpty() && fetch().isEmpty();
  }

  private List<SpooledRecord> fetch() {
    if (ahead.isEmpty()) {
      ahead = cursor.read(MAX_RECORDS, MAX_BYTES);
    }
    return ahead;
  }

  /** Sends as much as may be underway, then waits for the oldest of it. */
  private void doWork() throws DeliveryFailure, InterruptedException {
    if (isDue()) {
      send();
    } else if (underway.isEmpty()) {
      idle(nextSend - System.nanoTime());
    }
    if (!underway.isEmpty()) {
      awaitOldest();
    }
  }

  private boolean isDue() {
    return isInAHurry() || System.nanoTime() - nextSend >= 0;
  }

  private boolean isInAHurry() {
    return closing || acknowledgements.areAwaited();
  }

  private void send() throws DeliveryFailure, InterruptedException {
    if (underway.isEmpty() && ahead.isEmpty() && !cursor.hasNext()) {
      idle(look.toNanos());
      look = look.compareTo(LAST_LOOK) < 0 ? look.multipliedBy(2) : LAST_LOOK;
      return;
    }
    boolean isAfterAPause = look.compareTo(FIRST_LOOK) > 0;
    look = FIRST_LOOK;
    if (isAfterAPause && !isInAHurry()) {
      nextSend = System.nanoTime() + BETWEEN_SENDS.toNanos();
      return;
    }
    if (transport == null) {
      transport = transports.open();
    }
    while (underway.size() < transport.pipelineDepth()) {
      if (!sendNext()) {
        nextSend = System.nanoTime() + BETWEEN_SENDS.toNanos();
        return;
      }
    }
  }

  /** Until the time is over or somebody is in a hurry. */
  private void idle(long nanos) throws InterruptedException {
    LockSupport.parkNanos(this, nanos);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean sendNext() throws DeliveryFailure {
    List<SpooledRecord> records = fetch();
    if (records.isEmpty()) {
      return false;
    }
    List<WireRecord> batch = new ArrayList<>(records.size());
    ChainLink link = linkBefore(records.get(0));
    for (SpooledRecord record : records) {
      batch.add(new WireRecord(record.kind(), record.position(), link, record.value()));
      link = linkAfter(record, link);
    }
    Watermark reached = Watermark.after(lastOf(records), link);
    chain.ifPresent(links -> links.sent(reached));
    CompletableFuture<Long> answer = transport.send(batch);
    underway.add(new Shipment(reached, events(records, -1), answer));
    ahead = List.of();
    stream = reached.stream();
    nextLink = link;
    countShipped(records);
    return true;
  }

  private ChainLink linkBefore(SpooledRecord next) {
    return next.stream().equals(stream) ? nextLink : ChainLink.ZERO;
  }

  private ChainLink linkAfter(SpooledRecord record, ChainLink before) {
    return chain.isPresent() ? chain.get().after(record, before) : before;
  }

  private void countShipped(List<SpooledRecord> records) {
    if (!stream.equals(own)) {
      return;
    }
    shipped.addAndGet(events(records, highestShipped));
    highestShipped = Math.max(highestShipped, lastOf(records).sequence());
  }

  /** How many of the records behind this number are the component's. */
  private static int events(List<SpooledRecord> records, long behind) {
    int events = 0;
    for (SpooledRecord record : records) {
      if (record.sequence() > behind && record.kind() != RecordKind.CONTROL) {
        events++;
      }
    }
    return events;
  }

  private void awaitOldest() throws DeliveryFailure, InterruptedException {
    Shipment oldest = underway.peek();
    try {
      long through = oldest.answer.get(patience(), TimeUnit.MILLISECONDS);
      underway.remove();
      acknowledge(oldest, through);
    } catch (TimeoutException e) {
      // still underway: the transport has its own limit, and closing has been looked at
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DeliveryFailure failure
          ? failure
          : DeliveryFailure.retry("sending failed: " + e.getCause(), e.getCause());
    }
  }

  /** How long to wait before looking whether the agent is being closed. */
  private long patience() {
    long untilGivingUp =
        closing ? TimeUnit.NANOSECONDS.toMillis(giveUpAt - System.nanoTime()) : 100;
    return Math.max(1, Math.min(100, untilGivingUp));
  }

  private void acknowledge(Shipment shipment, long through) throws DeliveryFailure {
    long last = shipment.reached.sequence();
    if (through >= last) {
      advance(shipment.reached, shipment.events);
      return;
    }
    acknowledgePart(through);
    throw DeliveryFailure.retry(
        transports.destination() + " acknowledged up to " + through + " of " + last,
        Optional.empty());
  }

  /** What was sent is not kept, so it is read once more, up to a record in the oldest batch. */
  private void acknowledgePart(long through) {
    goBack();
    List<SpooledRecord> part =
        fetch().stream().takeWhile(record -> record.sequence() <= through).toList();
    if (!part.isEmpty()) {
      ChainLink link = linkBefore(part.get(0));
      for (SpooledRecord record : part) {
        link = linkAfter(record, link);
      }
      advance(Watermark.after(lastOf(part), link), events(part, -1));
    }
  }

  private void advance(Watermark reached, int events) {
    spool.acknowledge(reached);
    if (reached.stream().equals(own)) {
      acknowledged.addAndGet(events);
      acknowledgements.acknowledged(reached.sequence());
    }
    reportRecovery();
  }

  private void reportRecovery() {
    backoff.reset();
    phase = Phase.DELIVERING;
    if (failuresInARow > 0) {
      reports.accept(
          "delivering to "
              + transports.destination()
              + " again after "
              + failuresInARow
              + (failuresInARow == 1 ? " failure" : " failures"));
      failuresInARow = 0;
    }
  }

  @Override
  public void startOver() {
    phase = Phase.RETRYING;
    closeTransport();
    goBack();
  }

  /** To the oldest unacknowledged record. */
  private void goBack() {
    underway.clear();
    Watermark delivered = spool.watermark();
    cursor.seek(delivered);
    ahead = List.of();
    stream = delivered.stream();
    nextLink = delivered.link();
  }

  /** Starts over after a pause. */
  private void rewind(DeliveryFailure failure) {
    report(failure); // first, so that nobody sees trouble without its reason
    startOver();
    boolean held = failure.reaction() == DeliveryFailure.Reaction.HOLD;
    phase = held ? Phase.HELD : Phase.RETRYING;
    pause(failure.retryAfter().orElseGet(held ? () -> HELD_PAUSE : backoff::pause));
  }

  private void report(DeliveryFailure failure) {
    failures.incrementAndGet();
    failuresInARow++;
    lastError = failure.getMessage();
    boolean isGivenUp = closing && System.nanoTime() - giveUpAt >= 0;
    if (failuresInARow == 1 && !isGivenUp) {
      reports.accept(
          failure.getMessage()
              + "; records wait ("
              + spool.durability().meaning()
              + ") and delivery is tried again");
    }
  }

  private void pause(Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    while (until - System.nanoTime() > 0 && !closing) {
      LockSupport.parkNanos(this, until - System.nanoTime());
      if (Thread.interrupted()) {
        return;
      }
    }
    if (closing) {
      LockSupport.parkNanos(this, Math.min(duration.toNanos(), PAUSE_WHILE_CLOSING.toNanos()));
    }
  }

  private void closeTransport() {
    if (transport != null) {
      Transport broken = transport;
      transport = null; // first: one that cannot be closed either must not come back
      broken.close();
    }
  }

  private static SpooledRecord lastOf(List<SpooledRecord> records) {
    return records.get(records.size() - 1);
  }

  /**
   * A batch on its way. Its records are not kept: until the answer comes they would be what each
   * collection of the component's heap copies, and the spool has them.
   *
   * @param reached the watermark once all of it is acknowledged
   * @param events the component's among its records
   */
  private record Shipment(Watermark reached, int events, CompletableFuture<Long> answer) {}
}
