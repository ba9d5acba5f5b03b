package dev.bitacora.cli.service;

import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.StoreException;
import java.nio.file.Files;

/** Where a configuration keeps its dead letters: in Kafka when there is one, else in files. */
public final class DeadLetterSource {
  private DeadLetterSource() {}

  /** The dead letters, to be read; the services may run meanwhile. */
  public static DeadLetters of(Configuration configuration) {
    return configuration.isSet(Setting.KAFKA_BOOTSTRAP_SERVERS)
        ? new KafkaDeadLetters(Settings.kafka(configuration))
        : new DeadLetterFiles(existing(configuration).deadLetters());
  }

  /** Nobody wants a directory made by a slip of the pen. */
  static DataDirectory existing(Configuration configuration) {
    DataDirectory data = DataDirectory.of(configuration);
    if (!Files.isDirectory(data.root())) {
      throw new StoreException(
          data.root()
              + " is no data directory; give --data-dir, or for the distributed service"
              + " --kafka-bootstrap-servers");
    }
    return data;
  }
}
