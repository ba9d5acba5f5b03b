package dev.bitacora.examples.component;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.User;
import dev.bitacora.core.event.Actions;
import dev.bitacora.examples.logging.ComponentLogs;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.Routes;
import dev.bitacora.examples.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;

/**
 * A running component: a program with an agent, loggers and a web server of its own, so that
 * several fit into one JVM. Beside the program's routes it serves {@code /demo/…}, by which the
 * {@code day} package asks for counts and deploys new versions.
 *
 * <p>A deployment ends agent, loggers, program and web server and starts them again as another
 * version on the same port, as a new container would. Safe for any thread.
 */
public final class Component implements AutoCloseable {
  /** Long enough that nothing is left behind when the destination is merely slow. */
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** How long counting waits for requests that are under way. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Program.Factory factory;
  private final ReceiptFile receipts;
  // Written under the lock, read by requests without it.
  private volatile ComponentConfig config;
  private AuditLog audit;
  private ComponentLogs logs;
  private Program program;
  private volatile WebServer server;
  private volatile boolean deploying;
  private boolean closed;

  public Component(ComponentConfig config, Program.Factory factory) {
    this.config = config;
    this.factory = factory;
    this.receipts = new ReceiptFile(config.receipts());
  }

  /** Starts serving and returns. */
  public synchronized Component start() {
    audit =
        AuditLog.open(
            config.destination().toBuilder()
                .component(config.name())
                .environment(config.environment())
                .version(config.version())
                .nodeName(config.name() + "-" + config.environment())
                .drain(DRAIN)
                .onReceipt(receipts)
                .build());
    logs = new ComponentLogs(config.name() + "-" + config.environment(), audit);
    Logger log = logs.logger("dev.bitacora.examples." + config.name());
    program = factory.create(new Workbench(audit, log, new Peers(config.peers())));
    Routes routes = new Routes();
    program.serve(routes);
    new DemoRoutes(this, audit, log).serve(routes);
    server = WebServer.start(config.host(), config.port(), audit, log, routes);
    config = config.withListen(config.host(), server.url().getPort());
    audit
        .event(Actions.SYS_STARTUP)
        .target("component", config.name())
        .detail("version", config.version())
        .success()
        .record();
    log.info("version {} serves port {}", config.version(), config.port());
    return this;
  }

  public URI url() {
    return server.url();
  }

  public String name() {
    return config.name();
  }

  public String environment() {
    return config.environment();
  }

  public String version() {
    return config.version();
  }

  /** What this component recorded since its first start; the receipts' file holds all of it. */
  public Recorded recorded() {
    return receipts.recorded();
  }

  /** Puts another version in place of the running one. */
  synchronized void deploy(String version, User by) {
    if (closed) {
      return;
    }
    String before = config.version();
    deploying = true;
    stop();
    config = config.withVersion(version);
    start();
    audit
        .event("deployment.finish")
        .actor(by)
        .target("component", config.name())
        .change("service.version", before, version)
        .success()
        .record();
    deploying = false;
  }

  Answer describe() {
    server.awaitQuiet(QUIET);
    Recorded recorded = recorded();
    return Answer.ok(
        Map.of(
            "component", config.name(),
            "environment", config.environment(),
            "version", config.version(),
            "deploying", deploying,
            "audit", recorded.auditEvents(),
            "log", recorded.logLines(),
            "refused", recorded.refused()));
  }

  private void stop() {
    server.close();
    program.close();
    logs.close();
    audit.close();
  }

  /** Stops serving, delivers what is left and closes the receipts. May be called again. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (server != null) {
      stop();
    }
    try {
      receipts.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("receipts: cannot be closed", e);
    }
  }
}
