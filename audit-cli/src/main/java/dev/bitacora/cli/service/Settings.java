package dev.bitacora.cli.service;

import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings as the parts take them. */
final class Settings {
  private Settings() {}

  static Retention retention(Configuration configuration) {
    return new Retention(
        configuration.days(Setting.RETENTION_EVENTS), configuration.days(Setting.RETENTION_LOGS));
  }

  /** Names everything without which the distributed services do not work, at once. */
  static void requireDistributed(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    for (Setting setting : List.of(Setting.KAFKA_BOOTSTRAP_SERVERS, Setting.ELASTICSEARCH_URL)) {
      if (configuration.text(setting).isEmpty()) {
        problems.add(Configuration.missing(setting));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  static KafkaConnection kafka(Configuration configuration) {
    return new KafkaConnection(configuration.kafkaProperties());
  }

  static ElasticsearchConfig elasticsearch(Configuration configuration) {
    ElasticsearchConfig config =
        ElasticsearchConfig.of(URI.create(configuration.require(Setting.ELASTICSEARCH_URL)));
    Optional<String> user = configuration.text(Setting.ELASTICSEARCH_USER);
    Optional<String> apiKey = configuration.text(Setting.ELASTICSEARCH_API_KEY);
    if (user.isPresent() && apiKey.isPresent()) {
      throw new InvalidConfigurationException(
          List.of("elasticsearch-user and elasticsearch-api-key: keep one of them"));
    }
    if (user.isPresent()) {
      config = config.withUser(user.get(), configuration.require(Setting.ELASTICSEARCH_PASSWORD));
    } else if (apiKey.isPresent()) {
      config = config.withApiKey(apiKey.get());
    }
    Optional<java.nio.file.Path> authority = configuration.path(Setting.ELASTICSEARCH_CA_FILE);
    return authority.isPresent() ? config.withCaFile(authority.get()) : config;
  }
}
