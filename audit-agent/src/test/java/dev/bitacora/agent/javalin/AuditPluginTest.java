package dev.bitacora.agent.javalin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.TraceContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.servlet.RequestOptions;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AuditPluginTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private IntakeServer intake;
  private AuditLog audit;
  private Javalin app;

  @BeforeEach
  void startApplication() {
    intake = new IntakeServer("t");
    audit =
        AuditLog.open(
            AuditConfig.builder()
                .spoolDir(SpoolFolder.fresh())
                .component("api")
                .environment("dev")
                .url(intake.url())
                .token("t")
                .quiet(true)
                .build());
    RequestOptions options =
        RequestOptions.defaults()
            .withTrustedProxies("127.0.0.0/8", "10.0.0.0/8")
            .skipping(request -> request.getRequestURI().equals("/health"));
    app =
        Javalin.create(
            config -> {
              config.registerPlugin(new AuditPlugin(audit, options));
              config.jetty.host = "127.0.0.1";
              config.jetty.port = 0;
              config.startup.showJavalinBanner = false;
              config.routes.get("/health", context -> context.result("ok"));
              config.routes.get("/mdc", context -> context.result(MDC.get("trace_id")));
              config.routes.get(
                  "/next",
                  context ->
                      context.result(
                          AuditContext.propagate(HttpRequest.newBuilder(URI.create("http://x")))
                              .build()
                              .headers()
                              .firstValue("traceparent")
                              .orElse("")));
              config.routes.post(
                  "/invoices",
                  context -> {
                    AuditContext.update(c -> c.withActor(User.id("u42").name("Ann Lee")));
                    audit.event("invoice.create").target("invoice", "I-1").success().record();
                    context.status(201);
                  });
              config.routes.get(
                  "/broken",
                  context -> {
                    throw new IllegalStateException("broken on purpose");
                  });
              config.routes.get(
                  "/later",
                  context ->
                      context.future(() -> CompletableFuture.runAsync(() -> context.status(202))));
            });
    app.start();
  }

  @AfterEach
  void stopApplication() {
    app.stop();
    audit.close();
    intake.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private List<AuditEvent> events(String action, int count) {
    return await()
        .until(
            () ->
                intake.events(RecordKind.AUDIT).stream()
                    .filter(event -> event.text("event.action").equals(Optional.of(action)))
                    .toList(),
            found -> found.size() == count);
  }

  @Test
  void request_isRecordedWithMethodPathStatusAndDuration() throws Exception {
    HttpResponse<String> response =
        send(request("/invoices").POST(HttpRequest.BodyPublishers.noBody()).build());

    AuditEvent event = events("http.request", 1).get(0);
    assertThat(event.text("http.request.method")).contains("POST");
    assertThat(event.text("url.path")).contains("/invoices");
    assertThat(event.value("http.response.status_code")).contains(201L);
    assertThat((Long) event.value("event.duration").orElseThrow()).isPositive();
    assertThat(event.text("event.outcome")).contains("success");
    assertThat(event.text("user.id")).contains("u42");
    assertThat(event.text("client.ip")).contains("127.0.0.1");
    assertThat(response.headers().firstValue("X-Request-Id"))
        .isEqualTo(event.text("http.request.id"))
        .isPresent();
  }

  @Test
  void eventsInsideARequest_shareItsActorRequestAndTrace() throws Exception {
    TraceContext caller = TraceContext.start();
    send(
        request("/invoices")
            .header("traceparent", caller.traceparent())
            .header("X-Request-Id", "r-17")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());

    AuditEvent inside = events("invoice.create", 1).get(0);
    AuditEvent request = events("http.request", 1).get(0);
    for (AuditEvent event : List.of(inside, request)) {
      assertThat(event.text("trace.id")).contains(caller.traceId());
      assertThat(event.text("http.request.id")).contains("r-17");
      assertThat(event.text("user.name")).contains("Ann Lee");
    }
    assertThat(inside.text("span.id"))
        .isEqualTo(request.text("span.id"))
        .isNotEqualTo(Optional.of(caller.spanId()));
  }

  @Test
  void trace_goesOnToTheNextComponentAndStandsInTheMdc() throws Exception {
    TraceContext caller = TraceContext.start();
    String header = caller.traceparent();

    String next = send(request("/next").header("traceparent", header).build()).body();
    String mdc = send(request("/mdc").header("traceparent", header).build()).body();

    assertThat(TraceContext.parse(next).orElseThrow().traceId()).isEqualTo(caller.traceId());
    assertThat(mdc).isEqualTo(caller.traceId());
  }

  @Test
  void clientAddress_isTakenFromTrustedProxiesOnly() throws Exception {
    send(request("/mdc").header("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.1.2.3").build());

    AuditEvent event = events("http.request", 1).get(0);
    assertThat(event.text("client.ip")).contains("203.0.113.9");
    assertThat(event.text("source.ip")).contains("127.0.0.1");
  }

  @Test
  void notFoundAndExceptions_areFailures() throws Exception {
    send(request("/nowhere").build());
    send(request("/broken").build());

    assertThat(events("http.request", 2))
        .extracting(
            event -> event.value("http.response.status_code").orElseThrow(),
            event -> event.text("event.outcome").orElseThrow(),
            event -> event.text("event.reason").orElseThrow())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(404L, "failure", "HTTP 404"),
            org.assertj.core.groups.Tuple.tuple(500L, "failure", "HTTP 500"));
  }

  @Test
  void asynchronousRequest_isRecordedAtItsEnd() throws Exception {
    TraceContext caller = TraceContext.start();
    send(request("/later").header("traceparent", caller.traceparent()).build());

    AuditEvent event = events("http.request", 1).get(0);
    assertThat(event.value("http.response.status_code")).contains(202L);
    assertThat(event.text("trace.id")).contains(caller.traceId());
  }

  @Test
  void skippedRequest_isNotRecorded() throws Exception {
    send(request("/health").build());
    send(request("/mdc").build());

    assertThat(events("http.request", 1).get(0).text("url.path")).contains("/mdc");
  }
}
