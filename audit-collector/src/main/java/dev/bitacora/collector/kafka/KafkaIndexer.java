package dev.bitacora.collector.kafka;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.index.LogProgress;
import dev.bitacora.collector.index.Senders;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves records from Kafka to the store, as one of any number of equal members of a consumer group.
 * An offset is committed only when everything before it is durable, in the store or among the dead
 * letters; killed at any moment, it goes on from there, and what is delivered twice is kept once.
 *
 * <p>One thread polls and alone touches the consumer; senders write. {@link #start} returns at once
 * and never fails because of Kafka: {@link #condition} says what is wrong, and it goes on trying.
 * {@link #close} stops reading, gives what is in flight its time, commits, and is idempotent.
 */
public final class KafkaIndexer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaIndexer.class);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LEAVING = Duration.ofSeconds(3);
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final KafkaConnection connection;
  private final IndexerSettings settings;
  private final Accounts accounts;
  private final Clock clock;
  private final LogProgress progress;
  private final Senders senders;
  private final KafkaCheck check;
  private final LogEnds ends;
  private final Thread thread = new Thread(this::run, "bitacora-poll");
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile PollLoop loop;
  private volatile String trouble = "";

  public KafkaIndexer(
      KafkaConnection connection,
      IndexerSettings settings,
      Delivery delivery,
      Accounts accounts,
      Clock clock) {
    this(connection, settings, delivery, accounts, clock, LogProgress.UNHEARD);
  }

  /**
   * @param progress hears which partitions are ours and how far each is durable
   */
  public KafkaIndexer(
      KafkaConnection connection,
      IndexerSettings settings,
      Delivery delivery,
      Accounts accounts,
      Clock clock,
      LogProgress progress) {
    this.connection = connection;
    this.settings = settings;
    this.accounts = accounts;
    this.clock = clock;
    this.progress = progress;
    this.senders = new Senders(delivery, settings.senders());
    this.check = new KafkaCheck(connection);
    this.ends = new LogEnds(connection);
  }

  public void start() {
    senders.start();
    thread.start();
  }

  /** Down when one of our own threads died. */
  public Condition alive() {
    Condition alive = senders.alive();
    return thread.isAlive() ? alive : Condition.down("the poll thread died; restart the collector");
  }

  /** Down while Kafka gives us nothing to do for a reason that somebody must mend. */
  public Condition condition() {
    if (!trouble.isEmpty()) {
      return Condition.down(trouble);
    }
    Condition kafka = check.condition();
    PollLoop current = loop;
    if (!kafka.up() || current == null) {
      return kafka.up() ? Condition.down("not connected yet") : kafka;
    }
    return current.assignment();
  }

  /** Per assigned partition, {@code <topic>/<partition>}. */
  public Map<String, Lag> lags() {
    PollLoop current = loop;
    return current == null ? Map.of() : current.lags();
  }

  @Override
  public void close() {
    closing.countDown();
    PollLoop current = loop;
    if (current != null) {
      current.stop();
    }
    try {
      thread.join(settings.flushTime().plus(GRACE).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    senders.close();
    check.close();
    ends.close();
  }

  private void run() {
    while (!isClosing()) {
      try {
        poll(new KafkaConsumer<>(connection.consumer()));
      } catch (KafkaException e) {
        troubled(e);
        pause();
      }
    }
  }

  private void poll(KafkaConsumer<byte[], byte[]> consumer) {
    try {
      PollLoop created =
          new PollLoop(
              consumer, settings, senders, accounts, ends, clock, progress, this::troubled);
      loop = created;
      if (isClosing()) {
        created.stop();
      }
      created.run();
    } finally {
      consumer.close(CloseOptions.timeout(LEAVING));
    }
  }

  /** One line when it begins, one when it ends. */
  private void troubled(Throwable why) {
    String before = trouble;
    trouble = why == null ? "" : KafkaTrouble.explain(why, connection);
    if (trouble.equals(before)) {
      return;
    }
    if (trouble.isEmpty()) {
      LOG.info("Indexer: Kafka works again");
    } else {
      LOG.warn("Indexer: {}", trouble);
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void pause() {
    try {
      closing.await(PAUSE_AFTER_TROUBLE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
