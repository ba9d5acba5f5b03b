package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/** A bulk request that the proxy holds, and the way on to the node. One thread's. */
final class Bulk {
  private final byte[] body;
  private final Way way;
  private final Random random;

  /**
   * Where it goes.
   *
   * @param random for what happens to it
   */
  Bulk(byte[] body, Way way, Random random) {
    this.body = body;
    this.way = way;
    this.random = random;
  }

  /** To the node. */
  @FunctionalInterface
  interface Way {
    Reply forward(byte[] body) throws IOException;
  }

  Random random() {
    return random;
  }

  /** Lets the node write all of it. */
  Reply forward() throws IOException {
    return way.forward(body);
  }

  /**
   * Lets the node write a part of it; the other items were refused with this status and reach
   * nobody.
   */
  Reply forwardBut(IntPredicate refused, int status, String type) throws IOException {
    List<byte[]> lines = lines();
    ByteArrayOutputStream rest = new ByteArrayOutputStream(body.length);
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      if (!refused.test(i / 2)) {
        rest.write(lines.get(i));
        rest.write(lines.get(i + 1));
      }
    }
    if (rest.size() == 0) {
      return answer(List.of()).withItems(none -> merged(none, lines, refused, status, type));
    }
    Reply reply = way.forward(rest.toByteArray());
    return reply.status() == 200
        ? reply.withItems(items -> merged(items, lines, refused, status, type))
        : reply;
  }

  private static Reply answer(List<Map<String, Object>> items) {
    return Reply.json(200, "{\"errors\":true,\"took\":1,\"items\":" + items + "}");
  }

  private static List<Map<String, Object>> merged(
      List<Map<String, Object>> written,
      List<byte[]> lines,
      IntPredicate refused,
      int status,
      String type) {
    List<Map<String, Object>> all = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < lines.size() / 2; i++) {
      if (refused.test(i)) {
        all.add(refusal(lines.get(2 * i), status, type));
      } else if (next < written.size()) {
        all.add(written.get(next++));
      }
    }
    return all;
  }

  /** An action's line is {@code {"create":{"_index":…,"_id":…}}}. */
  private static Map<String, Object> refusal(byte[] action, int status, String type) {
    try {
      Map<?, ?> target = (Map<?, ?>) JsonTree.readObject(action).get("create");
      return Map.of(
          "create",
          Map.of(
              "_index", target.get("_index"),
              "_id", target.get("_id"),
              "status", status,
              "error", Map.of("type", type, "reason", "chaos")));
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(
          "a bulk's action is no JSON: " + new String(action, StandardCharsets.UTF_8), e);
    }
  }

  /** With their ends. */
  private List<byte[]> lines() {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n') {
        lines.add(Arrays.copyOfRange(body, start, i + 1));
        start = i + 1;
      }
    }
    return lines;
  }
}
