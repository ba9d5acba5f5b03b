package dev.bitacora.cli.service;

import dev.bitacora.collector.DistributedReplay;
import dev.bitacora.collector.EmbeddedReplay;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.kafka.TopicReplay;
import dev.bitacora.collector.replay.ReplayCounts;
import dev.bitacora.collector.replay.ReplaySelection;
import dev.bitacora.collector.replay.ReplayStoppedException;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.Retention;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.store.lucene.LuceneStore;
import java.util.function.Consumer;

/** Opens what a replay needs, for as long as it takes. */
public final class Replaying {
  private Replaying() {}

  /**
   * Replays dead letters: beside the collectors in the distributed service; in the data directory
   * of the embedded one, by the service itself when it runs.
   *
   * @throws StoreException when the store can not be opened, saying what to do
   */
  public static ReplayCounts deadLetters(
      Configuration configuration, ReplaySelection selection, Consumer<ReplayCounts> progress)
      throws DeadLettersUnavailableException, ReplayStoppedException {
    if (configuration.isSet(Setting.KAFKA_BOOTSTRAP_SERVERS)) {
      try (Distributed distributed = new Distributed(configuration)) {
        return distributed.replay.deadLetters().run(selection, progress);
      }
    }
    return embedded(configuration, selection, progress);
  }

  private static ReplayCounts embedded(
      Configuration configuration, ReplaySelection selection, Consumer<ReplayCounts> progress)
      throws DeadLettersUnavailableException, ReplayStoppedException {
    DataDirectory data = DeadLetterSource.existing(configuration);
    Retention retention = Settings.retention(configuration);
    try (LuceneStore store = new LuceneStore(data.index(), retention)) {
      store.start();
      try (EmbeddedReplay replay =
          new EmbeddedReplay(store, retention, store.positions(), data.deadLetters())) {
        replay.start();
        return replay.deadLetters().run(selection, progress);
      }
    } catch (StoreException.InUse e) {
      return new ServiceReplay(data, configuration).run(selection, progress);
    }
  }

  /** What replays a topic. */
  public interface TopicAction<T> {
    T run(TopicReplay replay) throws Exception;
  }

  /** Replays what stands in Kafka's topics. */
  public static <T> T topics(Configuration configuration, TopicAction<T> action) throws Exception {
    try (Distributed distributed = new Distributed(configuration)) {
      return action.run(distributed.replay.topics());
    }
  }

  /** The distributed service's store and what replays into it. */
  private static final class Distributed implements AutoCloseable {
    private final ElasticsearchStore store;
    private final DistributedReplay replay;

    Distributed(Configuration configuration) {
      Settings.requireDistributed(configuration);
      Retention retention = Settings.retention(configuration);
      store = new ElasticsearchStore(Settings.elasticsearch(configuration), retention);
      store.start();
      StoreHealth health = store.check();
      if (!health.up()) {
        store.close();
        throw new StoreException(health.reason());
      }
      replay = new DistributedReplay(Settings.kafka(configuration), store, retention);
    }

    @Override
    public void close() {
      replay.close();
      store.close();
    }
  }
}
