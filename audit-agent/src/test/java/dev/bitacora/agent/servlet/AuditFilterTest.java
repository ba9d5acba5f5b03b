package dev.bitacora.agent.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditFilterTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final IntakeServer intake = new IntakeServer("t");
  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);
  private AuditLog audit;

  @BeforeEach
  void startJetty() throws Exception {
    audit =
        AuditLog.open(
            AuditConfig.builder()
                .spoolDir(SpoolFolder.fresh())
                .component("servlets")
                .environment("dev")
                .url(intake.url())
                .token("t")
                .quiet(true)
                .build());
    RequestOptions options =
        RequestOptions.defaults()
            .withAction("servlet.request")
            .withActor(request -> Optional.ofNullable(request.getHeader("X-User")).map(User::id));
    ServletContextHandler context = new ServletContextHandler("/app");
    context.addFilter(
        new FilterHolder(new AuditFilter(audit, options)),
        "/*",
        EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(new ServletHolder(new Echo()), "/*");
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    jetty.setHandler(context);
    jetty.start();
  }

  @AfterEach
  void stopJetty() throws Exception {
    jetty.stop();
    audit.close();
    intake.close();
  }

  /** Answers who asks, or breaks. */
  private static final class Echo extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws java.io.IOException {
      if (request.getPathInfo().equals("/broken")) {
        throw new IllegalArgumentException("broken on purpose");
      }
      response.getWriter().print(AuditContext.current().actor().map(User::id).orElse("nobody"));
    }
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/app" + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private AuditEvent onlyEvent() {
    return await().until(() -> intake.events(RecordKind.AUDIT), found -> found.size() == 1).get(0);
  }

  @Test
  void request_hasItsActorInScopeAndIsRecorded() throws Exception {
    String answer = get("/whoami", "X-User", "u7").body();

    assertThat(answer).isEqualTo("u7");
    AuditEvent event = onlyEvent();
    assertThat(event.text("event.action")).contains("servlet.request");
    assertThat(event.text("url.path")).contains("/app/whoami");
    assertThat(event.text("user.id")).contains("u7");
    assertThat(event.value("http.response.status_code")).contains(200L);
  }

  @Test
  void forwardedFor_fromAnUntrustedPeer_isIgnored() throws Exception {
    get("/whoami", "X-Forwarded-For", "6.6.6.6");

    assertThat(onlyEvent().text("client.ip")).contains("127.0.0.1");
  }

  @Test
  void exception_passesThroughAndIsRecorded() throws Exception {
    assertThat(get("/broken").statusCode()).isEqualTo(500);

    AuditEvent event = onlyEvent();
    assertThat(event.text("event.outcome")).contains("failure");
    assertThat(event.text("error.type")).contains("java.lang.IllegalArgumentException");
    assertThat(event.value("http.response.status_code")).contains(500L);
  }

  @Test
  void indecentRequestId_isReplaced() throws Exception {
    String given = "x".repeat(200);

    HttpResponse<String> response = get("/whoami", "X-Request-Id", given);

    assertThat(response.headers().firstValue("X-Request-Id"))
        .isPresent()
        .isNotEqualTo(Optional.of(given));
  }

  @Test
  void afterTheRequest_nothingStaysInScope() throws Exception {
    get("/whoami", "X-User", "u7");

    assertThat(get("/whoami").body()).isEqualTo("nobody");
  }
}
