package dev.bitacora.cli.service;

import dev.bitacora.cli.kibana.KibanaException;
import dev.bitacora.cli.kibana.KibanaLogin;
import dev.bitacora.cli.kibana.KibanaSetup;
import dev.bitacora.collector.kafka.TopicReport;
import dev.bitacora.collector.kafka.TopicSetup;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes and checks what the servers must hold: topics, templates, roles, and Kibana's objects where
 * there is a Kibana.
 */
public final class ServerSetup {
  private final Configuration configuration;

  public ServerSetup(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Does it all; safe to repeat.
   *
   * @param report takes a line for each object
   * @return false when something is there and not as it should be
   */
  public boolean run(Consumer<String> report)
      throws TopicSetup.SetupFailedException, KibanaException {
    Settings.requireDistributed(configuration);
    boolean good = topics(report);
    for (ElasticsearchSetup.Step step :
        new ElasticsearchSetup(Settings.elasticsearch(configuration)).run()) {
      report.accept("elasticsearch " + step.object() + ": " + text(step.outcome()));
      good &= step.outcome() != ElasticsearchSetup.Outcome.OVERRULED;
    }
    Optional<String> kibana = configuration.text(Setting.KIBANA_URL);
    if (kibana.isPresent()) {
      new KibanaSetup(
              URI.create(kibana.get()),
              kibanaLogin(),
              configuration.path(Setting.ELASTICSEARCH_CA_FILE))
          .install()
          .forEach(line -> report.accept("kibana " + line));
    }
    return good;
  }

  private boolean topics(Consumer<String> report) throws TopicSetup.SetupFailedException {
    boolean good = true;
    for (TopicReport topic :
        new TopicSetup(Settings.kafka(configuration))
            .apply(configuration.number(Setting.PARTITIONS))) {
      report.accept("kafka topic " + topic.topic() + ": " + text(topic.action()));
      topic.findings().forEach(finding -> report.accept("  " + finding));
      good &= topic.isGood();
    }
    return good;
  }

  private KibanaLogin kibanaLogin() {
    Optional<String> user = configuration.text(Setting.ELASTICSEARCH_USER);
    if (user.isPresent()) {
      return KibanaLogin.user(user.get(), configuration.require(Setting.ELASTICSEARCH_PASSWORD));
    }
    return configuration
        .text(Setting.ELASTICSEARCH_API_KEY)
        .map(KibanaLogin::apiKey)
        .orElseGet(KibanaLogin::none);
  }

  private static String text(Enum<?> outcome) {
    return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
