package dev.bitacora.bench.collector;

import com.sun.management.OperatingSystemMXBean;
import dev.bitacora.bench.ChildJvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The peer: sends bulks that stand ready in files, from several threads, and does nothing else. Its
 * arguments are Elasticsearch's address, the folder, the threads, and how many documents are not
 * measured.
 */
public final class BulkReplay {
  private static final int OK = 200;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI bulk;
  private final List<Path> files;
  private final long warmUp;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong documents = new AtomicLong();
  private long measuredFrom;
  private long start;
  private long processorNanos;

  private BulkReplay(URI bulk, List<Path> files, long warmUp) {
    this.bulk = bulk;
    this.files = files;
    this.warmUp = warmUp;
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    ChildJvm.endWithParent();
    try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
      new BulkReplay(
              URI.create(arguments[0]).resolve("/_bulk"),
              files.sorted().toList(),
              Long.parseLong(arguments[3]))
          .run(Integer.parseInt(arguments[2]));
    }
  }

  private void run(int count) throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(count, BulkReplay::thread);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ends.add(
          threads.submit(
              () -> {
                sendAll();
                return null;
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    Rates.printResult(
        documents.get() - measuredFrom,
        (System.nanoTime() - start) / 1e9,
        (processorNanos() - processorNanos) / 1e9);
  }

  /** Does not keep the program alive when another one has failed. */
  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  private void sendAll() throws IOException, InterruptedException {
    for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
      byte[] body = Files.readAllBytes(files.get(i));
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(bulk)
                  .header("Content-Type", RecordingProxy.CONTENT_TYPE)
                  .header("Accept", RecordingProxy.CONTENT_TYPE)
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofByteArray());
      String beginning =
          new String(answer.body(), 0, Math.min(200, answer.body().length), StandardCharsets.UTF_8);
      if (answer.statusCode() != OK || !beginning.contains("\"errors\":false")) {
        throw new IOException("a bulk failed: " + answer.statusCode() + " " + beginning);
      }
      took(documents(body));
    }
  }

  private synchronized void took(long count) {
    long sent = documents.addAndGet(count);
    if (start == 0 && sent >= warmUp) {
      measuredFrom = sent;
      processorNanos = processorNanos();
      start = System.nanoTime();
    }
  }

  /** Two lines each. */
  private static long documents(byte[] bulk) {
    long lines = 0;
    for (byte b : bulk) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines / 2;
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
