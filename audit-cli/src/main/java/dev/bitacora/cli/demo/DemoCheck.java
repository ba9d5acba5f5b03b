package dev.bitacora.cli.demo;

import dev.bitacora.cli.api.ApiClient;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.examples.component.ReceiptFile;
import dev.bitacora.examples.landscape.Deployed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Compares what components hold receipts for with what the API shows. The receipts were written
 * outside the product, by the components; the API is asked as any program would.
 */
final class DemoCheck {
  private static final int COMPARED = 100;
  private static final int PAGE = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ApiClient api;
  private final Instant since;
  private final Map<String, byte[]> recorded = new HashMap<>();

  /**
   * @param since no event of this run is older
   */
  DemoCheck(ApiClient api, Instant since) {
    this.api = api;
    this.since = since;
  }

  /** Reads the receipts of every component, once all have written theirs. */
  void readReceipts(List<Deployed> components) throws IOException {
    for (Deployed component : components) {
      Path file = component.receipts().orElseThrow();
      ReceiptFile.read(file, line -> recorded.put(line.eventId(), ChainLink.hash(line.bytes())));
    }
  }

  /** Pages until everything is there, or for a minute. */
  DemoResult compare(Instant started) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Shown shown = page();
    while (shown.ids.size() < recorded.size() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      shown = page();
    }
    Duration duration = Duration.between(started, Instant.now());
    return new DemoResult(
        recorded.size(),
        shown.ids.size(),
        shown.duplicates,
        recorded.size() - (long) shown.ids.size(),
        differences(),
        duration);
  }

  private static final class Shown {
    private final Set<String> ids = new HashSet<>();
    private long duplicates;
  }

  private Shown page() throws IOException, InterruptedException {
    Shown shown = new Shown();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", "event.dataset:(audit or log)");
    parameters.put("from", EventTime.format(since));
    parameters.put("to", EventTime.format(Instant.now().plus(Duration.ofHours(1))));
    parameters.put("size", Integer.toString(PAGE));
    Object next;
    do {
      Map<String, Object> page =
          api.get("/api/v1/events", parameters)
              .orElseThrow(() -> new IOException("no /api/v1/events"));
      if (!Boolean.TRUE.equals(page.get("complete"))) {
        throw new IOException("the API says that its answer is incomplete: " + page.get("gaps"));
      }
      for (Object event : (List<?>) page.get("events")) {
        count((Map<?, ?>) event, shown);
      }
      next = page.get("next");
      parameters.put("after", String.valueOf(next));
    } while (next != null);
    return shown;
  }

  /** Other runs in the same folder, and what the service records of itself, are none of ours. */
  private void count(Map<?, ?> event, Shown shown) {
    String id = (String) event.get("id");
    if (recorded.containsKey(id) && !shown.ids.add(id)) {
      shown.duplicates++;
    }
  }

  private List<String> differences() throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>(recorded.keySet());
    Collections.shuffle(ids, new Random());
    List<String> differences = new ArrayList<>();
    for (String id : ids.subList(0, Math.min(COMPARED, ids.size()))) {
      if (!isShownAsRecorded(id)) {
        differences.add(id);
      }
    }
    return differences;
  }

  private boolean isShownAsRecorded(String id) throws IOException, InterruptedException {
    Map<String, Object> answer = api.get("/api/v1/events/" + id, Map.of()).orElse(Map.of());
    if (!(answer.get("events") instanceof List<?> events) || events.size() != 1) {
      return false;
    }
    Object original = ((Map<?, ?>) events.get(0)).get("original");
    byte[] shown = String.valueOf(original).getBytes(StandardCharsets.UTF_8);
    return java.util.Arrays.equals(ChainLink.hash(shown), recorded.get(id));
  }
}
