package dev.bitacora.cli.service;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.FirstStart;
import dev.bitacora.viewer.trail.AgentAccessLog;
import dev.bitacora.viewer.web.ViewerServer;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The viewer over Elasticsearch; who looks is recorded through Kafka like everything else. Any
 * number of them share users and tokens. {@link #start} throws with a sentence when Elasticsearch
 * does not answer: who may look is kept there.
 */
public final class DistributedViewer implements RunningService {
  private static final String SELF = "bitacora-viewer";

  private final Configuration configuration;
  private final String version;
  private final Closing closing = new Closing();
  private ViewerServer server;
  private Optional<FirstStart> firstStart = Optional.empty();

  public DistributedViewer(Configuration configuration, String version) {
    this.configuration = configuration;
    this.version = version;
  }

  /** Listens, and makes the first user where there is none. */
  public void start() {
    try {
      startParts();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startParts() {
    Settings.requireDistributed(configuration);
    ElasticsearchStore store =
        closing.add(
            new ElasticsearchStore(
                Settings.elasticsearch(configuration), Settings.retention(configuration)));
    store.start();
    StoreHealth health = store.check();
    if (!health.up()) {
      throw new StoreException(health.reason());
    }
    Access access = Access.of(closing.add(States.open(configuration)).store());
    AuditLog self = closing.add(AuditLog.open(selfConfig()));
    server =
        closing.add(
            new ViewerServer(
                WebSettings.viewer(configuration), store, access, new AgentAccessLog(self)));
    server.start();
    firstStart = access.firstStart();
  }

  private AuditConfig selfConfig() {
    AuditConfig.Builder config = AuditConfig.builder();
    configuration.path(Setting.SPOOL_DIR).ifPresent(config::spoolDir);
    return config
        .component(SELF)
        .environment(configuration.text(Setting.ENVIRONMENT).orElse("distributed"))
        .version(version)
        .kafka(configuration.kafkaProperties())
        .quiet(true)
        .build();
  }

  @Override
  public URI url() {
    return URI.create(server.url());
  }

  @Override
  public Optional<String> loginLink() {
    return firstStart.flatMap(FirstStart::loginToken).map(server::loginLink);
  }

  /** Only a first start knows its tokens; nobody keeps them. */
  @Override
  public Map<String, String> tokens() {
    Map<String, String> tokens = new TreeMap<>();
    firstStart.flatMap(FirstStart::auditorToken).ifPresent(token -> tokens.put("auditor", token));
    firstStart
        .flatMap(FirstStart::componentToken)
        .ifPresent(token -> tokens.put("component", token));
    return tokens;
  }

  @Override
  public void close() {
    closing.close();
  }
}
