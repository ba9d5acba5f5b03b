package dev.bitacora.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.examples.testing.Intake;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchComponentTest {
  private static final long MEGABYTES_400 = 400L << 20;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Intake intake = new Intake();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    intake.close();
  }

  /** The same line again and again, without being anywhere as a whole. */
  private static final class Lines extends InputStream {
    private static final byte[] LINE =
        ("{\"invoice\":\"I-1\",\"text\":\"" + "x".repeat(970) + "\"}\n")
            .getBytes(StandardCharsets.UTF_8);

    private long left;

    Lines(long bytes) {
      this.left = bytes / LINE.length * LINE.length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int at = (int) (LINE.length - left % LINE.length) % LINE.length;
      int count = (int) Math.min(left, Math.min(length, LINE.length - at));
      System.arraycopy(LINE, at, buffer, offset, count);
      left -= count;
      return count;
    }
  }

  private HttpResponse<byte[]> post(URI url, String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(url.resolve(path)).POST(body).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private Process startWithHeap(String heap) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap,
                    "-Djava.io.tmpdir=" + directory,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.bitacora.examples.ComponentMain",
                    "batch",
                    "--environment",
                    "prd",
                    "--until-input-ends"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    builder.environment().putAll(intake.variables());
    return builder.start();
  }

  @Test
  void fourHundredMegabytes_passThroughAHeapOf128() throws Exception {
    Process process = startWithHeap("128m");
    try {
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      URI url = URI.create(output.readLine().substring("ready ".length()));

      HttpResponse<byte[]> collected =
          post(
              url,
              "/batches/large/rows",
              BodyPublishers.ofInputStream(() -> new Lines(MEGABYTES_400)));
      assertThat(collected.statusCode()).isEqualTo(200);
      HttpResponse<byte[]> written = post(url, "/batches/large/file", BodyPublishers.noBody());
      assertThat(written.statusCode()).isEqualTo(200);
      Map<String, Object> answer = JsonTree.readObject(written.body());
      assertThat((Long) answer.get("bytes")).isGreaterThanOrEqualTo(MEGABYTES_400);
    } finally {
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.exitValue()).isZero();
    assertThat(intake.events("upload_complete")).hasSize(1);
    try (var left = Files.list(directory)) {
      assertThat(left.filter(file -> file.getFileName().toString().contains("batch"))).isEmpty();
    }
  }

  @Test
  void structuredFile_isWellFormedAndCountsItsRows() throws Exception {
    Path file = directory.resolve("small.json");
    StructuredFile.Written written =
        StructuredFile.write("small", new StringReader("{\"a\":1}\n{\"a\":2}\n"), file);

    Map<String, Object> tree = JsonTree.readObject(Files.readAllBytes(file));
    assertThat(written.rows()).isEqualTo(2);
    assertThat(written.bytes()).isEqualTo(Files.size(file));
    assertThat(written.sha256()).hasSize(64);
    assertThat(tree.get("count")).isEqualTo(2L);
    assertThat(tree.get("rows"))
        .isEqualTo(
            List.of(
                Map.of("number", 0L, "value", Map.of("a", 1L)),
                Map.of("number", 1L, "value", Map.of("a", 2L))));
  }
}
