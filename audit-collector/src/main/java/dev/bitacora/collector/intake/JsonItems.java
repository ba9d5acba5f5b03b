package dev.bitacora.collector.intake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a body into items without understanding them, so that a bad one costs its neighbours
 * nothing. Follows strings and brackets only: whatever is between two cuts is one item, good or
 * not.
 */
public final class JsonItems {
  private static final char LINE_END = '\n';

  private JsonItems() {}

  /** The lines of NDJSON that are not blank. */
  public static List<byte[]> lines(byte[] body) {
    List<byte[]> items = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == LINE_END) {
        add(items, body, start, i);
        start = i + 1;
      }
    }
    add(items, body, start, body.length);
    return items;
  }

  /** The elements of an array; a body that is not an array is one item. */
  public static List<byte[]> elements(byte[] body) {
    List<byte[]> items = new ArrayList<>();
    int first = skipBlank(body, 0, body.length);
    if (first == body.length || body[first] != '[') {
      add(items, body, 0, body.length);
      return items;
    }
    int start = first + 1;
    int depth = 1;
    boolean inString = false;
    for (int i = start; i < body.length; i++) {
      byte c = body[i];
      if (inString) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == '"') {
        inString = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      boolean ends = depth == 0 || (depth == 1 && c == ',' && !inString);
      if (ends) {
        add(items, body, start, i);
        start = i + 1;
      }
      if (depth == 0) {
        break;
      }
    }
    add(items, body, start, body.length);
    return items;
  }

  private static void add(List<byte[]> items, byte[] body, int from, int to) {
    int start = skipBlank(body, from, to);
    int end = to;
    while (end > start && isBlank(body[end - 1])) {
      end--;
    }
    if (end > start) {
      items.add(Arrays.copyOfRange(body, start, end));
    }
  }

  private static int skipBlank(byte[] body, int from, int to) {
    int i = from;
    while (i < to && isBlank(body[i])) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t' || c == '\r' || c == LINE_END;
  }
}
