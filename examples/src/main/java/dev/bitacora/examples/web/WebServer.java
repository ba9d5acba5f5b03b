package dev.bitacora.examples.web;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.javalin.AuditPlugin;
import dev.bitacora.agent.servlet.RequestOptions;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.examples.people.People;
import dev.bitacora.examples.people.Person;
import io.javalin.Javalin;
import io.javalin.http.Context;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Serves a component's routes, with the audit plugin in front: every request is in scope and
 * recorded, except those under {@code /demo/}, which belong to the show and not to the work.
 */
public final class WebServer implements AutoCloseable {
  /** Who calls. A real component would authenticate; here the callers are believed. */
  public static final String USER = "X-User";

  private final Javalin javalin;
  private final String host;

  private final Underway underway;

  private WebServer(Javalin javalin, String host, Underway underway) {
    this.javalin = javalin;
    this.host = host;
    this.underway = underway;
  }

  /** Starts serving; port 0 takes a free one. */
  public static WebServer start(String host, int port, AuditLog audit, Logger log, Routes routes) {
    RequestOptions options =
        RequestOptions.defaults()
            .withActor(
                r ->
                    Optional.ofNullable(r.getHeader(USER)).flatMap(People::find).map(Person::actor))
            .withTrustedProxies("127.0.0.0/8")
            .skipping(request -> request.getRequestURI().startsWith("/demo/"));
    Underway underway = new Underway();
    Javalin javalin =
        Javalin.create(
            config -> {
              config.jetty.modifyServletContextHandler(
                  handler -> handler.addFilter(underway, "/*", EnumSet.of(DispatcherType.REQUEST)));
              config.registerPlugin(new AuditPlugin(audit, options));
              config.startup.showJavalinBanner = false;
              config.jetty.host = host;
              config.jetty.port = port;
              for (Routes.Route route : routes.all()) {
                config.routes.addHttpHandler(
                    route.method(), route.path(), context -> serve(context, route.handler(), log));
              }
            });
    return new WebServer(javalin.start(), host, underway);
  }

  private static void serve(Context context, Handler handler, Logger log) {
    Answer answer;
    try {
      answer = handler.handle(new Call(context));
    } catch (RefusedException e) {
      answer = Answer.of(e.status(), e.getMessage());
    } catch (Exception e) {
      log.error("{} {} failed", context.method(), context.path(), e);
      answer = Answer.of(500, "failed; the log says why");
    }
    context.status(answer.status()).contentType("application/json");
    context.result(JsonWriter.toBytes(answer.body()));
  }

  public URI url() {
    String name = host.equals("0.0.0.0") ? "127.0.0.1" : host;
    return URI.create("http://" + name + ":" + javalin.port());
  }

  /** Waits until every request that was answered is recorded too, or the time is over. */
  public void awaitQuiet(Duration atMost) {
    underway.awaitNone(atMost);
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
