package dev.bitacora.cli.demo;

import dev.bitacora.cli.api.ApiClient;
import dev.bitacora.cli.service.RunningService;
import dev.bitacora.examples.day.Day;
import dev.bitacora.examples.landscape.Landscape;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;

/**
 * A day of a small company's components in dev, uat and prd, recorded by the product. Started by
 * {@link #run} or {@link #recordExactly}; {@link #close} ends the components, which deliver what is
 * left, then the service.
 */
public final class Demo implements AutoCloseable {
  private static final Duration HISTORY = Duration.ofHours(24);

  private final RunningService service;
  private final Landscape landscape;
  private final Day day;
  private final Instant started = Instant.now();

  Demo(RunningService service, Landscape landscape) {
    this.service = service;
    this.landscape = landscape;
    this.day = new Day(landscape.components(), System.nanoTime());
  }

  public RunningService service() {
    return service;
  }

  /** What happened since yesterday, and then on and on, until {@link #close}. */
  public void run() {
    day.recordHistory(HISTORY);
    day.run();
  }

  /**
   * Makes the components record exactly this many audit events and log lines, ends them, and
   * compares their receipts with what the API shows.
   *
   * @param since no event of this run is older
   */
  public DemoResult recordExactly(long events, Instant since)
      throws IOException, InterruptedException {
    day.recordExactly(events);
    landscape.close();
    String token = service.tokens().get("auditor");
    HttpClient http = HttpClient.newHttpClient();
    DemoCheck check = new DemoCheck(new ApiClient(http, service.url(), token), since);
    check.readReceipts(landscape.components());
    return check.compare(started);
  }

  @Override
  public void close() {
    day.close();
    try {
      landscape.close();
    } finally {
      service.close();
    }
  }
}
