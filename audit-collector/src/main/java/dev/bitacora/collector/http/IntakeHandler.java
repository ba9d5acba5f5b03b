package dev.bitacora.collector.http;

import dev.bitacora.collector.intake.IdempotencyKeyReusedException;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.ItemResult;
import dev.bitacora.collector.intake.JsonItems;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.wire.BatchFormat;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.WireRecord;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /api/v1/intake}: takes agents' batches ({@link BatchFormat}) and, from anything else,
 * JSON and NDJSON; gzip allowed. It answers 200 only when everything in the body is durable. Bad
 * items do not fail their neighbours. Errors are RFC 9457 problems: 400 body, 401 no token, 403 a
 * token that may not send, 413 too large, 415 media type, 422 key reused, 429 behind, 503 not
 * durable; with 429 and 503 the same body is to be sent again.
 */
public final class IntakeHandler implements Handler {
  /** Where it belongs. */
  public static final String PATH = "/api/v1/intake";

  /** Decompressed bytes of one body. */
  public static final int MAX_BODY_BYTES = 16 << 20;

  private static final long MAX_BACKLOG_BYTES = 32 << 20;
  private static final int MAX_KEY = 255;

  private final IntakeService service;
  private final SenderAuthenticator authenticator;
  private final Backlog backlog;

  public IntakeHandler(IntakeService service, SenderAuthenticator authenticator) {
    this(service, authenticator, MAX_BACKLOG_BYTES);
  }

  IntakeHandler(IntakeService service, SenderAuthenticator authenticator, long maxBacklogBytes) {
    this.service = service;
    this.authenticator = authenticator;
    this.backlog = new Backlog(maxBacklogBytes);
  }

  @Override
  public void handle(Context ctx) throws IOException {
    try (Backlog.Share share = backlog.share()) {
      Sender sender = authenticate(ctx);
      Media media = Media.of(ctx);
      byte[] body = RequestBody.read(ctx, share, MAX_BODY_BYTES);
      Map<String, Object> answer =
          switch (media) {
            case BATCH -> takeBatch(body, sender);
            case LINES -> takeForeign(ctx, JsonItems.lines(body), sender);
            case JSON -> takeForeign(ctx, JsonItems.elements(body), sender);
          };
      ctx.status(200).contentType("application/json").result(JsonWriter.toBytes(answer));
    } catch (Problem problem) {
      answer(ctx, problem);
    } catch (IntakeUnavailableException e) {
      answer(ctx, new Problem(503, "Not durable now", e.getMessage() + "; send the same again"));
    }
  }

  private static void answer(Context ctx, Problem problem) {
    UnreadBody.discard(ctx);
    switch (problem.status()) {
      case 401 -> ctx.header("WWW-Authenticate", "Bearer");
      case 429, 503 -> ctx.header("Retry-After", "1");
      default -> {}
    }
    problem.answer(ctx);
  }

  private Sender authenticate(Context ctx) throws Problem {
    SenderAuthenticator.Verdict verdict =
        authenticator.authenticate(Optional.ofNullable(ctx.header("Authorization")));
    if (verdict instanceof SenderAuthenticator.Accepted accepted) {
      return accepted.sender();
    }
    if (verdict instanceof SenderAuthenticator.Forbidden) {
      throw new Problem(
          403,
          "Forbidden",
          "this token may not send; make one with: token create --component NAME");
    }
    throw new Problem(
        401, "Unauthenticated", "send the header: Authorization: Bearer <component token>");
  }

  private Map<String, Object> takeBatch(byte[] body, Sender sender)
      throws Problem, IntakeUnavailableException {
    List<WireRecord> records;
    try {
      records = BatchFormat.read(body);
    } catch (MalformedRecordException e) {
      throw new Problem(400, "Malformed batch", e.getMessage());
    }
    service.append(records, sender);
    long last = records.stream().mapToLong(record -> record.position().sequence()).max().orElse(0);
    return Map.of("acknowledgedThrough", last);
  }

  private Map<String, Object> takeForeign(Context ctx, List<byte[]> items, Sender sender)
      throws Problem, IntakeUnavailableException {
    if (items.isEmpty()) {
      throw new Problem(400, "Nothing sent", "expected at least one event");
    }
    Optional<String> key = Optional.ofNullable(ctx.header("Idempotency-Key"));
    if (key.filter(k -> k.isBlank() || k.length() > MAX_KEY).isPresent()) {
      throw new Problem(
          400, "Bad key", "Idempotency-Key: expected 1 to " + MAX_KEY + " characters");
    }
    try {
      return answer(service.appendForeign(items, sender, key));
    } catch (IdempotencyKeyReusedException e) {
      throw new Problem(422, "Key reused", e.getMessage());
    }
  }

  private static Map<String, Object> answer(List<ItemResult> results) {
    Map<String, Object> answer = new LinkedHashMap<>();
    for (ItemResult.Status status : ItemResult.Status.values()) {
      answer.put(
          status.name().toLowerCase(Locale.ROOT),
          results.stream().filter(result -> result.status() == status).count());
    }
    List<Map<String, Object>> items = new ArrayList<>(results.size());
    for (ItemResult result : results) {
      items.add(item(result));
    }
    answer.put("items", items);
    return answer;
  }

  private static Map<String, Object> item(ItemResult result) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("status", result.status().text());
    if (!result.eventId().isEmpty()) {
      item.put("id", result.eventId());
    }
    if (!result.detail().isEmpty()) {
      item.put("reason", result.detail());
    }
    return item;
  }

  /** What a body holds. */
  private enum Media {
    BATCH,
    LINES,
    JSON;

    static Media of(Context ctx) throws Problem {
      String type = Optional.ofNullable(ctx.contentType()).orElse("none");
      int parameters = type.indexOf(';');
      String name = parameters < 0 ? type : type.substring(0, parameters);
      return switch (name.trim().toLowerCase(Locale.ROOT)) {
        case BatchFormat.MEDIA_TYPE -> BATCH;
        case "application/x-ndjson", "application/jsonl", "application/ndjson" -> LINES;
        case "application/json" -> JSON;
        default ->
            throw new Problem(
                415,
                "Unknown Content-Type",
                "expected application/x-ndjson, application/json or " + BatchFormat.MEDIA_TYPE);
      };
    }
  }
}
