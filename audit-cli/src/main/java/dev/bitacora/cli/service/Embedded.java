package dev.bitacora.cli.service;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.collector.EmbeddedCollector;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.http.ReplayHandler;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.FirstStart;
import dev.bitacora.viewer.access.NewToken;
import dev.bitacora.viewer.trail.AgentAccessLog;
import dev.bitacora.viewer.web.ViewerServer;
import dev.bitacora.viewer.web.ViewerServer.Hosted;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * The whole product in one process: intake, Lucene and viewer on one port, everything in one data
 * directory. {@link #start} throws with a sentence that says what to do and leaves nothing running;
 * {@link #close} is idempotent.
 */
public final class Embedded implements RunningService {
  private static final String SELF = "bitacora-viewer";

  private final DataDirectory data;
  private final Configuration configuration;
  private final String version;
  private final Closing closing = new Closing();
  private Access access;
  private ViewerServer server;
  private Optional<FirstStart> firstStart = Optional.empty();

  public Embedded(DataDirectory data, Configuration configuration, String version) {
    this.data = data;
    this.configuration = configuration;
    this.version = version;
  }

  /** Opens the data, listens, and makes the first user where there is none. */
  public void start() throws DeadLettersUnavailableException {
    try {
      startParts();
    } catch (RuntimeException | DeadLettersUnavailableException e) {
      close();
      throw e;
    }
  }

  private void startParts() throws DeadLettersUnavailableException {
    data.create();
    Retention retention = Settings.retention(configuration);
    LuceneStore store = closing.add(new LuceneStore(data.index(), retention));
    store.start();
    FileStateStore state = new FileStateStore(data.state());
    state.start();
    access = Access.of(state);
    EmbeddedCollector collector =
        closing.add(
            new EmbeddedCollector(
                store,
                retention,
                store.positions(),
                state,
                data.deadLetters(),
                Senders.of(access),
                AlarmConfiguration.standalone(configuration),
                version));
    collector.start();
    collector.startRetention();
    AuditLog self = closing.add(AuditLog.open(selfConfig(collector)));
    server =
        closing.add(
            new ViewerServer(
                WebSettings.viewer(configuration),
                store,
                access,
                new AgentAccessLog(self),
                hosted(collector)));
    server.start();
    data.writeUrl(url());
    firstStart = access.firstStart();
    firstStart.ifPresent(this::keepTokens);
  }

  private AuditConfig selfConfig(EmbeddedCollector collector) {
    return AuditConfig.builder()
        .component(SELF)
        .environment(configuration.text(Setting.ENVIRONMENT).orElse("embedded"))
        .version(version)
        .spoolDir(data.spool())
        .transport(InProcessTransport.to(collector.intake(), new Sender(SELF, Optional.empty())))
        .quiet(true)
        .build();
  }

  private static Hosted hosted(EmbeddedCollector collector) {
    return new Hosted(
        Optional.of(collector.intakeHandler()),
        (routes, anyone) -> collector.operations().install(routes, anyone),
        (routes, admin) -> routes.post(ReplayHandler.PATH, collector.replayHandler(), admin));
  }

  private void keepTokens(FirstStart first) {
    first.auditorToken().ifPresent(token -> data.writeToken("auditor", token));
    first.componentToken().ifPresent(token -> data.writeToken("component", token));
  }

  /**
   * The token of a component, made and kept in the data directory at first.
   *
   * @return its secret
   */
  public String componentToken(String component) {
    return data.token(component)
        .orElseGet(
            () -> {
              String token = access.createToken(NewToken.component(component));
              data.writeToken(component, token);
              return token;
            });
  }

  @Override
  public URI url() {
    return URI.create(server.url());
  }

  @Override
  public Optional<String> loginLink() {
    return firstStart.flatMap(FirstStart::loginToken).map(server::loginLink);
  }

  @Override
  public Map<String, String> tokens() {
    return data.tokens();
  }

  @Override
  public void close() {
    closing.close();
  }
}
