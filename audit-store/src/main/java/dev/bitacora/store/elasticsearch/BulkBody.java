package dev.bitacora.store.elasticsearch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.http.HttpEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;

/** A bulk's lines, two for each document, in one array. One thread's. */
final class BulkBody {
  /** As the official client sends it. */
  private static final ContentType TYPE =
      ContentType.parse("application/vnd.elasticsearch+x-ndjson; compatible-with=8");

  private static final byte[] LINE_END = {'\n'};

  private byte[] bytes;
  private int size;

  /** An empty one, with room for so many bytes; it makes more when they do not suffice. */
  BulkBody(int usualSize) {
    bytes = new byte[usualSize];
  }

  /**
   * Adds a document that must not exist.
   *
   * @param index a name without anything that JSON escapes, as all of ours
   * @param id likewise
   * @param document one line of JSON
   */
  void create(String index, String id, byte[] document) {
    String action = "{\"create\":{\"_index\":\"" + index + "\",\"_id\":\"" + id + "\"}}\n";
    add(action.getBytes(StandardCharsets.ISO_8859_1));
    add(document);
    add(LINE_END);
  }

  private void add(byte[] more) {
    if (more.length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more.length, 2 * bytes.length));
    }
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  /** In bytes. */
  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** What stands here now; not copied. */
  HttpEntity entity() {
    return new NByteArrayEntity(bytes, 0, size, TYPE);
  }
}
