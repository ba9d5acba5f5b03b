package dev.bitacora.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One Prometheus Alertmanager on 127.0.0.1, alone, that notifies nobody: the installed one. None is
 * ever downloaded.
 */
public final class Alertmanager extends RealServer {
  private static final List<String> NAMES = List.of("prometheus-alertmanager", "alertmanager");
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

  private static final String CONFIGURATION =
      """
      route:
        receiver: nobody
      receivers:
        - name: nobody
      """;

  private final Path executable;
  private final int port = LoopbackPorts.free();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(REQUEST_LIMIT)
          .build();

  private Alertmanager(Path executable, Guard guard) {
    super("the Alertmanager", guard);
    this.executable = executable;
  }

  /**
   * Starts one without alerts and returns when it is ready.
   *
   * @throws IllegalStateException when none is installed, naming the package to install
   */
  public static Alertmanager start() {
    Path executable = executable(System.getenv("PATH"));
    Guard guard = Guard.start("alertmanager");
    try {
      Files.writeString(guard.directory().resolve("alertmanager.yml"), CONFIGURATION);
      Alertmanager alertmanager = new Alertmanager(executable, guard);
      alertmanager.startProcess();
      return alertmanager;
    } catch (IOException e) {
      guard.close();
      throw new UncheckedIOException("the Alertmanager: writing its configuration", e);
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
  }

  static Path executable(String searchPath) {
    for (String directory : searchPath.split(File.pathSeparator, -1)) {
      for (String name : NAMES) {
        Path path = Path.of(directory, name);
        if (Files.isExecutable(path)) {
          return path;
        }
      }
    }
    throw new IllegalStateException(
        "no Alertmanager for the tests: install the package prometheus-alertmanager (apt-get install"
            + " --no-install-recommends prometheus-alertmanager)");
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What it says of all alerts that are not resolved, as JSON. */
  public String alerts() throws IOException, InterruptedException {
    return get("/api/v2/alerts").body();
  }

  @Override
  List<String> command() {
    return List.of(
        executable.toString(),
        "--config.file=" + directory().resolve("alertmanager.yml"),
        "--storage.path=" + directory().resolve("data"),
        "--web.listen-address=127.0.0.1:" + port,
        "--cluster.listen-address=");
  }

  @Override
  boolean isReady() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Alertmanager", e);
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(url().resolve(path)).timeout(REQUEST_LIMIT).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
