package dev.bitacora.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Creates invoices at a component, which records each as an audit event, a request and two log
 * lines. What is not answered as it should be is counted, told, and not measured. Safe for any
 * thread.
 */
final class Invocations implements AutoCloseable {
  private static final int PARALLEL = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration REST = Duration.ofMillis(150);
  private static final int CREATED = 201;

  /**
   * For how long a client keeps a connection that nobody uses: shorter than a server does, because
   * a request on one that is being closed at that moment fails.
   */
  static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  static final String KEEP_ALIVE_SECONDS = "20";

  static {
    System.setProperty(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService callers = Executors.newFixedThreadPool(PARALLEL);
  private final Map<URI, Queue<byte[]>> answers = new ConcurrentHashMap<>();
  private long unanswered;

  /** So many hundreds without a pause, not measured. */
  void warmUp(URI component, int hundreds) throws InterruptedException {
    Histogram unused = histogram();
    HttpRequest request = request(component);
    for (List<Long> nanos : byEachCaller(() -> repeatedly(request, hundreds))) {
      take(unused, nanos);
    }
  }

  private List<Long> repeatedly(HttpRequest request, int count) throws InterruptedException {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nanos.add(invoke(request));
    }
    return nanos;
  }

  /** One after the other. */
  void sequential(URI component, int count, Histogram latencies) throws InterruptedException {
    HttpRequest request = request(component);
    rest();
    for (int i = 0; i < count; i++) {
      take(latencies, invoke(request));
    }
  }

  /** A hundred at the same moment. */
  void parallel(URI component, Histogram latencies) throws InterruptedException {
    HttpRequest request = request(component);
    rest();
    take(latencies, wave(request));
  }

  /** What those before have left to do is not the next ones'. */
  private static void rest() throws InterruptedException {
    Thread.sleep(REST.toMillis());
  }

  private List<Long> wave(HttpRequest request) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(PARALLEL);
    return byEachCaller(
        () -> {
          ready.countDown();
          ready.await();
          return invoke(request);
        });
  }

  private <T> List<T> byEachCaller(Callable<T> task) throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> result : callers.invokeAll(Collections.nCopies(PARALLEL, task))) {
      try {
        results.add(result.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("an invocation failed: " + e.getCause(), e);
      }
    }
    return results;
  }

  private HttpRequest request(URI component) {
    URI invoices = component.resolve("/invoices");
    answers.computeIfAbsent(invoices, uri -> new ConcurrentLinkedQueue<>());
    return HttpRequest.newBuilder(invoices)
        .timeout(PATIENCE)
        .header("X-User", "u42")
        .POST(BodyPublishers.ofString("{\"customer\":\"ACME\",\"amount\":1200}"))
        .build();
  }

  /** How long it took; negative when it was not answered well. */
  private long invoke(HttpRequest request) throws InterruptedException {
    long start = System.nanoTime();
    try {
      HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
      long nanos = System.nanoTime() - start;
      if (answer.statusCode() != CREATED) {
        return unanswered(request, "status " + answer.statusCode());
      }
      answers.get(request.uri()).add(answer.body());
      return nanos;
    } catch (IOException e) {
      return unanswered(request, e.toString());
    }
  }

  private static long unanswered(HttpRequest request, String reason) {
    System.err.println("not answered: " + request.uri() + ": " + reason);
    return -1;
  }

  private void take(Histogram latencies, List<Long> wave) {
    for (long nanos : wave) {
      take(latencies, nanos);
    }
  }

  private void take(Histogram latencies, long nanos) {
    if (nanos < 0) {
      unanswered++;
    } else {
      latencies.recordValue(Math.min(nanos, PATIENCE.toNanos()));
    }
  }

  /** For nanoseconds, exact to 10 µs of 100 ms: the limits are not much more. */
  static Histogram histogram() {
    return new Histogram(PATIENCE.toNanos(), 4);
  }

  /** The invoices that a component has answered to have made, so far: {@code prd/I-17}. */
  List<String> made(URI component, String environment) {
    return answers.get(component.resolve("/invoices")).stream()
        .map(answer -> environment + "/" + Arrivals.json(answer).get("id"))
        .toList();
  }

  /** So far; the measuring thread's. */
  long unanswered() {
    return unanswered;
  }

  @Override
  public void close() {
    callers.shutdownNow();
  }
}
