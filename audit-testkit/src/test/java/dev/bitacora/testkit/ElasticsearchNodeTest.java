package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ElasticsearchNodeTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ElasticsearchNode node;

  @BeforeAll
  static void startNode() {
    node = ElasticsearchNode.start();
  }

  @AfterAll
  static void closeNode() {
    node.close();
    assertThat(node.directory()).doesNotExist();
  }

  @Test
  void aDocumentIndexed_isFound() throws Exception {
    put("/found/_doc/1?refresh=true", "{\"name\":\"hello\"}");
    assertThat(get("/found/_search?q=name:hello").body()).contains("\"_id\":\"1\"");
  }

  @Test
  void killAndRestart_keepsUrlAndDocuments() throws Exception {
    put("/kept/_doc/1", "{}");
    long pid = node.pid();

    node.kill();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThatThrownBy(() -> get("/kept/_doc/1")).isInstanceOf(IOException.class);
    node.restart();

    assertThat(node.pid()).isNotEqualTo(pid);
    assertThat(get("/kept/_doc/1").body()).contains("\"found\":true");
  }

  @Test
  void pausedNode_answersOnlyAfterItIsResumed() throws Exception {
    node.pause();
    assertThatThrownBy(() -> get("/_cluster/health", Duration.ofSeconds(1)))
        .isInstanceOf(HttpTimeoutException.class);
    node.resume();
    assertThat(get("/_cluster/health").statusCode()).isEqualTo(200);
  }

  private static void put(String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(node.url().resolve(path))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json))
            .build();
    assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return get(path, Duration.ofSeconds(60));
  }

  private static HttpResponse<String> get(String path, Duration limit) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(node.url().resolve(path)).timeout(limit).build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }
}
