package dev.bitacora.bench.collector;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
 * arguments are Elasticsearch's address, the folder and the threads. It takes orders line by line
 * from its standard input, {@code <documents that are not measured> <documents that are>}, goes on
 * where the one before ended, says what became of each, and ends with its input.
 */
public final class BulkReplay {
  private static final int OK = 200;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI bulk;
  private final List<Path> files;
  private final int threads;
  private final ExecutorService senders = Executors.newCachedThreadPool(BulkReplay::thread);
  private final AtomicInteger next = new AtomicInteger();

  private BulkReplay(URI bulk, List<Path> files, int threads) {
    this.bulk = bulk;
    this.files = files;
    this.threads = threads;
  }

  public static void main(String[] arguments) throws InterruptedException {
    try (Stream<Path> files = Files.list(Path.of(arguments[1]));
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      BulkReplay replay =
          new BulkReplay(
              URI.create(arguments[0]).resolve("/_bulk"),
              files.sorted().toList(),
              Integer.parseInt(arguments[2]));
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        String[] words = order.split(" ", -1);
        replay.run(Long.parseLong(words[0]), Long.parseLong(words[1]));
      }
    } catch (IOException | ExecutionException e) {
      System.out.println(e);
    }
    System.exit(0); // whoever still sends must not keep it alive
  }

  private void run(long leadIn, long measured) throws InterruptedException, ExecutionException {
    Round round = new Round(leadIn, leadIn + measured);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      ends.add(
          senders.submit(
              () -> {
                round.send();
                return null;
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    round.print();
  }

  /** Does not keep the program alive when another one has failed. */
  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  /** One order. */
  private final class Round {
    private final long leadIn;
    private final long all;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private long measuredFrom;
    private long start;
    private long processorNanos;

    Round(long leadIn, long all) {
      this.leadIn = leadIn;
      this.all = all;
    }

    void send() throws IOException, InterruptedException {
      while (begun.get() < all) {
        byte[] body = Files.readAllBytes(files.get(next.getAndIncrement()));
        long documents = documents(body);
        begun.addAndGet(documents);
        post(body);
        took(documents);
      }
    }

    private synchronized void took(long count) {
      long sent = done.addAndGet(count);
      if (start == 0 && sent >= leadIn) {
        measuredFrom = sent;
        processorNanos = processorNanos();
        start = System.nanoTime();
      }
    }

    void print() {
      Rates.printResult(
          done.get() - measuredFrom,
          (System.nanoTime() - start) / 1e9,
          (processorNanos() - processorNanos) / 1e9);
    }
  }

  private void post(byte[] body) throws IOException, InterruptedException {
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
