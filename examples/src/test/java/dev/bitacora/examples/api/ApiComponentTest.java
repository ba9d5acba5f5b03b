package dev.bitacora.examples.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.examples.component.Component;
import dev.bitacora.examples.component.ComponentConfig;
import dev.bitacora.examples.testing.Intake;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The api alone; its peers are away, which it must bear. */
class ApiComponentTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Intake intake = new Intake();
  private Component api;

  @BeforeEach
  void start() {
    AuditConfig destination =
        AuditConfig.of(Configuration.reader(intake.variables()).read()).toBuilder()
            .quiet(true)
            .build();
    api =
        new Component(ComponentConfig.of("api", "prd", "1.0.0", destination), ApiProgram::new)
            .start();
  }

  @AfterEach
  void close() {
    api.close();
    intake.close();
  }

  private HttpResponse<byte[]> call(String method, String path, String user, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api.url().resolve(path))
            .method(method, BodyPublishers.ofString(body));
    if (!user.isEmpty()) {
      request.header("X-User", user);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private String create(String user, long amount) throws Exception {
    String body = "{\"customer\":\"Casa Verde\",\"amount\":" + amount + "}";
    HttpResponse<byte[]> response = call("POST", "/invoices", user, body);
    assertThat(response.statusCode()).isEqualTo(201);
    return JsonTree.readObject(response.body()).get("id").toString();
  }

  private AuditEvent only(String action) {
    return await().until(() -> intake.events(action), found -> found.size() == 1).get(0);
  }

  @Test
  void approval_isRecordedWithActorAndBeforeAndAfter() throws Exception {
    String id = create("u23", 12_00);
    assertThat(call("POST", "/invoices/" + id + "/approval", "u17", "{}").statusCode())
        .isEqualTo(200);

    AuditEvent event = only("invoice.approve");
    assertThat(event.text("user.name")).contains("Boris Weber");
    assertThat(event.text("audit.target.id")).contains(id);
    assertThat(event.value("audit.change.before")).contains(Map.of("status", "pending"));
    assertThat(event.value("audit.change.after")).contains(Map.of("status", "approved"));
    assertThat(event.text("audit.class")).contains("mandatory");
  }

  @Test
  void change_isRecordedWithBothAmounts() throws Exception {
    String id = create("u23", 12_00);
    assertThat(call("PUT", "/invoices/" + id, "u23", "{\"amount\":1500}").statusCode())
        .isEqualTo(200);

    AuditEvent event = only("invoice.change");
    assertThat(event.value("audit.change.before")).contains(Map.of("amount", 1200L));
    assertThat(event.value("audit.change.after")).contains(Map.of("amount", 1500L));
  }

  @Test
  void ownLargeInvoice_needsFourEyes() throws Exception {
    String id = create("u42", 9_000_00);
    assertThat(call("POST", "/invoices/" + id + "/approval", "u42", "{}").statusCode())
        .isEqualTo(403);

    assertThat(only("invoice.approve").text("event.reason").orElseThrow()).contains("four eyes");
  }

  @Test
  void whoMayNot_isRecordedAsAFailure() throws Exception {
    String id = create("u23", 12_00);
    assertThat(call("POST", "/invoices/" + id + "/approval", "u23", "{}").statusCode())
        .isEqualTo(403);

    AuditEvent event = only("authz_fail");
    assertThat(event.text("event.outcome")).contains("failure");
    assertThat(event.text("user.id")).contains("u23");
  }

  @Test
  void decidedInvoice_cannotBeDecidedAgain() throws Exception {
    String id = create("u23", 12_00);
    call("POST", "/invoices/" + id + "/rejection", "u17", "{\"reason\":\"duplicate\"}");

    assertThat(call("POST", "/invoices/" + id + "/approval", "u17", "{}").statusCode())
        .isEqualTo(409);
    assertThat(only("invoice.reject").text("event.reason")).contains("duplicate");
  }

  @Test
  void badRequests_areAnsweredSo() throws Exception {
    assertThat(
            List.of(
                call("POST", "/invoices", "u23", "no json").statusCode(),
                call("POST", "/invoices", "u23", "{\"amount\":-1}").statusCode(),
                call("POST", "/invoices", "", "{}").statusCode(),
                call("GET", "/invoices/none", "u23", "").statusCode(),
                call("POST", "/sessions", "", "{\"user\":\"u23\"}").statusCode()))
        .containsExactly(400, 400, 401, 404, 401);
  }
}
