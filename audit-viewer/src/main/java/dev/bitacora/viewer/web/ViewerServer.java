package dev.bitacora.viewer.web;

import dev.bitacora.store.AuditStore;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.page.Links;
import dev.bitacora.viewer.page.Pages;
import dev.bitacora.viewer.search.Searches;
import dev.bitacora.viewer.trail.AccessLog;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.javalin.security.RouteRole;
import io.javalin.util.JavalinBindException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The viewer's server: pages, API, and in the embedded service the collector's intake and health
 * beside them. {@link #start} binds the port; {@link #close} lets running requests end, for five
 * seconds at most, and is idempotent. Store, access and log are the caller's to close.
 */
public final class ViewerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ViewerServer.class);

  private static final int MIN_THREADS = 4;
  private static final int MAX_THREADS = 32;
  private static final int THREAD_IDLE_MILLIS = 60_000;
  private static final long STOP_MILLIS = 5_000;

  private final ViewerConfig config;
  private final Searches searches;
  private final Javalin server;

  /** A viewer alone. */
  public ViewerServer(ViewerConfig config, AuditStore store, Access access, AccessLog log) {
    this(config, store, access, log, Hosted.NOTHING);
  }

  /**
   * A viewer that also serves what another part brings.
   *
   * @throws IllegalStateException when a route says nothing about who may use it
   */
  public ViewerServer(
      ViewerConfig config, AuditStore store, Access access, AccessLog log, Hosted hosted) {
    this.config = config;
    searches = new Searches(store);
    server = Javalin.create(javalin -> configure(javalin, access, log, hosted));
    routes();
  }

  /**
   * What another part of the same process serves here.
   *
   * @param intake answers {@code POST /api/v1/intake}, behind role component
   * @param open adds paths that everybody may read, such as {@code /health/ready}, each with the
   *     role that it is given
   * @param admin adds paths for administrators, each with the role that it is given
   */
  public record Hosted(
      Optional<Handler> intake,
      BiConsumer<RoutesConfig, RouteRole> open,
      BiConsumer<RoutesConfig, RouteRole> admin) {
    public static final Hosted NOTHING = new Hosted(Optional.empty(), (routes, anyone) -> {});

    /** Nothing for administrators. */
    public Hosted(Optional<Handler> intake, BiConsumer<RoutesConfig, RouteRole> open) {
      this(intake, open, (routes, admin) -> {});
    }
  }

  private void configure(JavalinConfig javalin, Access access, AccessLog log, Hosted hosted) {
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.router.contextPath = config.basePath().isEmpty() ? "/" : config.basePath();
    javalin.http.prefer405over404 = true;
    // A compressed page would tell, by its length, what its secrets have in common with a query.
    javalin.http.compressionStrategy = CompressionStrategy.NONE;
    javalin.jetty.threadPool = threads();
    javalin.jetty.addConnector((jetty, http) -> Connectors.of(config, jetty, http));
    javalin.jetty.modifyServer(
        jetty -> {
          jetty.setStopTimeout(STOP_MILLIS);
          jetty.insertHandler(new GracefulHandler());
        });
    routes(javalin.routes, access, log, hosted);
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, THREAD_IDLE_MILLIS);
    threads.setName("viewer-http");
    threads.setDaemon(true);
    return threads;
  }

  private void routes(RoutesConfig routes, Access access, AccessLog log, Hosted hosted) {
    Proxies proxies = new Proxies(config.trustedProxies(), config.tls().isPresent());
    Assets assets = new Assets();
    Frames frames = new Frames(new Links(config.basePath(), assets.version()));
    Pages pages = new Pages();
    Cookies cookies = new Cookies(config.basePath(), proxies);
    Trail trail = new Trail(log, proxies);
    Clock clock = Clock.systemUTC();

    routes.before(new SecurityHeaders(proxies)::set);
    routes.beforeMatched(new Gatekeeper(access, cookies, proxies, trail)::check);
    new Failures(pages, frames).install(routes);

    PageHandlers page = new PageHandlers(searches, pages, frames, trail, clock);
    routes.get(
        "/",
        ctx -> ctx.redirect(frames.links().to("/events"), HttpStatus.SEE_OTHER),
        RouteAccess.ANYONE);
    routes.get("/events", page::events, RouteAccess.READER);
    routes.get("/events/{id}", page::event, RouteAccess.READER);
    routes.get("/traces/{id}", page::trace, RouteAccess.READER);
    routes.get("/help", page::help, RouteAccess.ANY_ROLE);
    routes.get("/assets/{version}/{name}", assets::serve, RouteAccess.ANYONE);

    SignInHandlers signIn = new SignInHandlers(access, cookies, proxies, pages, frames, trail);
    routes.get("/login", signIn::loginForm, RouteAccess.ANYONE);
    routes.post("/login", signIn::login, RouteAccess.ANYONE);
    routes.get("/login/once", signIn::loginOnce, RouteAccess.ANYONE);
    routes.post("/logout", signIn::logout, RouteAccess.ANY_ROLE);
    routes.get("/password", signIn::passwordForm, RouteAccess.ANY_ROLE);
    routes.post("/password", signIn::setPassword, RouteAccess.ANY_ROLE);

    ApiHandlers api = new ApiHandlers(searches, trail, clock);
    routes.get("/api/v1/events", api::events, RouteAccess.READER);
    routes.get("/api/v1/events/{id}", api::event, RouteAccess.READER);
    routes.get("/api/v1/traces/{id}", api::trace, RouteAccess.READER);
    routes.get("/api/v1/facets", api::facets, RouteAccess.READER);
    routes.get("/api/v1/histogram", api::histogram, RouteAccess.READER);
    routes.get("/api/v1/openapi.yaml", ApiHandlers::description, RouteAccess.ANYONE);

    hosted
        .intake()
        .ifPresent(intake -> routes.post("/api/v1/intake", intake, RouteAccess.COMPONENT));
    hosted.open().accept(routes, RouteAccess.ANYONE);
    hosted.admin().accept(routes, RouteAccess.ADMIN);
  }

  /** The routes there are, and who may use them. */
  List<RouteTable.Route> routes() {
    return RouteTable.of(server);
  }

  /**
   * Binds the port and serves.
   *
   * @throws StartException when that cannot be done, saying what to do
   */
  public void start() {
    try {
      server.start();
    } catch (RuntimeException e) {
      throw refused(e);
    }
    if (config.tls().isEmpty() && !isLoopback(config.host())) {
      LOG.warn(
          "viewer: {} is reachable from other machines without TLS; passwords and tokens travel"
              + " readable. Set a certificate and a key, or put a proxy with TLS in front",
          url());
    }
  }

  private StartException refused(RuntimeException e) {
    if (e instanceof StartException known) {
      return known;
    }
    boolean isTaken = e instanceof JavalinBindException || hasCause(e, BindException.class);
    String place = config.host() + ":" + config.port();
    return isTaken
        ? new StartException(
            "viewer: cannot listen on "
                + place
                + ": the port is in use, or not ours to use; stop the other program, or choose"
                + " another place with --listen HOST:PORT",
            e)
        : new StartException("viewer: cannot start on " + place + ": " + e.getMessage(), e);
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    return e != null && (type.isInstance(e) || hasCause(e.getCause(), type));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The port it listens on, once started. */
  public int port() {
    Connector connector = server.jettyServer().server().getConnectors()[0];
    return ((ServerConnector) connector).getLocalPort();
  }

  /** The address to open in a browser, base path included. */
  public String url() {
    String host = config.host();
    boolean isAny = host.equals("0.0.0.0") || host.equals("::");
    String name = isAny ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String scheme = config.tls().isPresent() ? "https" : "http";
    return scheme + "://" + name + ":" + port() + config.basePath();
  }

  /** The link with which a user logs in once. */
  public String loginLink(String token) {
    return url() + "/login/once?token=" + token;
  }

  @Override
  public void close() {
    server.stop();
    searches.close();
  }
}
