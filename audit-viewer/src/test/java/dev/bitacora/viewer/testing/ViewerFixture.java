package dev.bitacora.viewer.testing;

import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.FirstStart;
import dev.bitacora.viewer.access.NewToken;
import dev.bitacora.viewer.access.Role;
import dev.bitacora.viewer.web.ViewerConfig;
import dev.bitacora.viewer.web.ViewerServer;
import io.javalin.http.Handler;
import java.nio.file.Path;
import java.util.Optional;

/** A real viewer on a free port, over a real Lucene store and a real state directory. */
public final class ViewerFixture implements AutoCloseable {
  private final LuceneStore store;
  private final FileStateStore state;
  private final Access access;
  private final FirstStart firstStart;
  private final RecordingAccessLog log = new RecordingAccessLog();
  private final ViewerServer server;
  private final String auditorToken;

  public ViewerFixture(Path directory) {
    this(directory, ViewerConfig.at("127.0.0.1", 0));
  }

  public ViewerFixture(Path directory, ViewerConfig config) {
    store = new LuceneStore(directory.resolve("store"), Retention.DEFAULT);
    store.start();
    state = new FileStateStore(directory.resolve("state"));
    state.start();
    access = Access.of(state);
    firstStart = access.firstStart().orElseThrow();
    auditorToken = access.createToken(NewToken.of(Role.AUDITOR, "tests"));
    Handler intake = ctx -> ctx.contentType("application/json").result("{\"acknowledged\":true}");
    ViewerServer.Hosted hosted =
        new ViewerServer.Hosted(
            Optional.of(intake),
            (routes, anyone) -> routes.get("/health/live", ctx -> ctx.result("up"), anyone),
            (routes, admin) ->
                routes.post(
                    "/api/v1/dead-letters/replay", ctx -> ctx.result("{\"end\":\"done\"}"), admin));
    server = new ViewerServer(config, store, access, log, hosted);
    server.start();
  }

  public LuceneStore store() {
    return store;
  }

  public Access access() {
    return access;
  }

  public RecordingAccessLog log() {
    return log;
  }

  public ViewerServer server() {
    return server;
  }

  public String auditorToken() {
    return auditorToken;
  }

  /** The link that logs the first user in, once. */
  public String loginLink() {
    return server.loginLink(firstStart.loginToken().orElseThrow());
  }

  /** A client without credentials. */
  public Client client() {
    return new Client(server.url());
  }

  /** A client with the auditor's token. */
  public Client auditor() {
    return client().withToken(auditorToken);
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }
}
