package dev.bitacora.collector.http;

import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.replay.DeadLetterReplay;
import dev.bitacora.collector.replay.ReplayCounts;
import dev.bitacora.collector.replay.ReplaySelection;
import dev.bitacora.collector.replay.ReplayStoppedException;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /api/v1/dead-letters/replay}: replays dead letters of the running service. The body
 * is {@code {"all":true}}, {@code {"reason":"…"}} or {@code {"ids":["1-8"]}}. The answer is a JSON
 * object a line while it goes on: counts after every batch; the last line has {@code "end"}, {@code
 * "done"} or why it stopped. A client that goes away ends the replay after the batch under way. One
 * replay at a time: 409 otherwise. Who may call it is the host's business.
 */
public final class ReplayHandler implements Handler {
  /** Where it belongs. */
  public static final String PATH = "/api/v1/dead-letters/replay";

  /** What the last line's {@code end} says when everything was tried. */
  public static final String DONE = "done";

  private static final int MAX_BODY_BYTES = 1 << 20;

  private final DeadLetterReplay replay;
  private final Semaphore free = new Semaphore(1);

  public ReplayHandler(DeadLetterReplay replay) {
    this.replay = replay;
  }

  @Override
  public void handle(Context ctx) throws IOException {
    try {
      ReplaySelection selection = selection(ctx);
      if (!free.tryAcquire()) {
        throw new Problem(409, "Busy", "another replay is under way; wait for its end");
      }
      try {
        run(selection, ctx);
      } finally {
        free.release();
      }
    } catch (Problem problem) {
      UnreadBody.discard(ctx);
      problem.answer(ctx);
    }
  }

  private void run(ReplaySelection selection, Context ctx) throws IOException {
    ctx.status(200).contentType("application/x-ndjson");
    OutputStream out = ctx.res().getOutputStream();
    Map<String, Object> last;
    try {
      last = counts(replay.run(selection, counts -> write(out, counts(counts))));
      last.put("end", DONE);
    } catch (DeadLettersUnavailableException | ReplayStoppedException e) {
      last = new LinkedHashMap<>(Map.of("end", e.getMessage()));
    }
    write(out, last);
  }

  private static void write(OutputStream out, Map<String, Object> line) {
    try {
      out.write(JsonWriter.toBytes(line));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the client has gone", e);
    }
  }

  private static Map<String, Object> counts(ReplayCounts counts) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("read", counts.read());
    line.put("stored", counts.stored());
    line.put("duplicates", counts.duplicates());
    line.put("parked_again", counts.parked());
    line.put("exhausted", counts.exhausted());
    line.put("closed", counts.closed());
    return line;
  }

  private static ReplaySelection selection(Context ctx) throws Problem, IOException {
    byte[] body = ctx.req().getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new Problem(413, "Too large", "name fewer ids at a time, or a reason");
    }
    try {
      Map<String, Object> asked = JsonTree.readObject(body);
      Set<DeadLetterId> ids = ids(asked.get("ids"));
      Optional<DeadLetterReason> reason =
          asked.get("reason") instanceof String text ? Optional.of(reason(text)) : Optional.empty();
      if (ids.isEmpty() && reason.isEmpty() && !Boolean.TRUE.equals(asked.get("all"))) {
        throw malformed("expected ids, a reason, or all");
      }
      return new ReplaySelection(ids, reason);
    } catch (MalformedJsonException e) {
      throw malformed(e.getMessage());
    }
  }

  private static DeadLetterReason reason(String text) throws Problem {
    return DeadLetterReason.of(text)
        .orElseThrow(() -> malformed("reason: no dead letter has this one"));
  }

  private static Set<DeadLetterId> ids(Object asked) throws Problem {
    Set<DeadLetterId> ids = new HashSet<>();
    for (Object id : asked instanceof List<?> list ? list : List.of()) {
      ids.add(
          DeadLetterId.of(String.valueOf(id))
              .orElseThrow(() -> malformed("ids: expected such as 1-8")));
    }
    return ids;
  }

  private static Problem malformed(String detail) {
    return new Problem(400, "Malformed request", detail);
  }
}
