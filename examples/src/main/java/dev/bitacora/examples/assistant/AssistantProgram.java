package dev.bitacora.examples.assistant;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.examples.component.Program;
import dev.bitacora.examples.component.Workbench;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.Call;
import dev.bitacora.examples.web.RefusedException;
import dev.bitacora.examples.web.Routes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;

/** Summaries from an external service, with a limit to its patience. */
public final class AssistantProgram implements Program {
  private static final Duration PATIENCE = Duration.ofMillis(400);
  private static final Duration SLOW = Duration.ofMillis(250);

  private final AuditLog audit;
  private final Logger log;
  private final LanguageService service = new LanguageService();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  public AssistantProgram(Workbench workbench) {
    audit = workbench.audit();
    log = workbench.log();
  }

  @Override
  public void serve(Routes routes) {
    routes.post("/summaries", this::summarise);
  }

  private Answer summarise(Call call) throws RefusedException, InterruptedException {
    Map<String, Object> subject = call.json();
    EventDraft event =
        audit.event("assistant.summarise").target("invoice", String.valueOf(subject.get("id")));
    long began = System.nanoTime();
    try {
      HttpResponse<String> response = ask(JsonWriter.toText(subject));
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      if (response.statusCode() != 200) {
        throw new IOException("the language service answered " + response.statusCode());
      }
      if (took.compareTo(SLOW) > 0) {
        log.warn("the language service took {} ms", took.toMillis());
      }
      event.duration(took).detail("characters", response.body().length()).success().record();
      return Answer.ok(Map.of("summary", response.body()));
    } catch (HttpTimeoutException e) {
      return failed(event, began, 504, "the language service did not answer in time", e);
    } catch (IOException e) {
      return failed(event, began, 502, e.getMessage(), e);
    }
  }

  private Answer failed(
      EventDraft event, long began, int status, String reason, IOException cause) {
    event
        .duration(Duration.ofNanos(System.nanoTime() - began))
        .error(cause)
        .failure(reason)
        .record();
    log.error("no summary: {}", reason, cause);
    return Answer.of(status, String.valueOf(reason));
  }

  private HttpResponse<String> ask(String prompt) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url())
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(prompt));
    return client.send(AuditContext.propagate(request).build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    service.close();
  }
}
