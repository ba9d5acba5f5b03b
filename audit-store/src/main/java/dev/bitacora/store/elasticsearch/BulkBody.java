package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.http.HttpEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.entity.NByteArrayEntity;

/**
 * A bulk's lines, two for each document, in one array that each document is written into once. One
 * thread's.
 */
final class BulkBody {
  /** As the official client sends it. */
  private static final ContentType TYPE =
      ContentType.parse("application/vnd.elasticsearch+x-ndjson; compatible-with=8");

  /** Bytes of an action, names of index and document included. */
  private static final int ACTION = 160;

  private static final JsonWriter.Key CREATE_IN = new JsonWriter.Key(List.of("create", "_index"));
  private static final JsonWriter.Key ID = new JsonWriter.Key(List.of("_id"));

  private final JsonWriter lines;

  /** An empty one, with room for so many bytes; it makes more when they do not suffice. */
  BulkBody(int usualSize) {
    lines = new JsonWriter(usualSize);
  }

  /** About as many bytes as an event adds. */
  static int expectedBytes(NewEvent event) {
    return ACTION + Document.expectedBytes(event.event());
  }

  /** Adds a document that must not exist. */
  void create(String id, NewEvent event, Placement placement) {
    lines.startObject();
    lines.key(CREATE_IN);
    lines.value(placement.index());
    lines.key(ID);
    lines.value(id);
    lines.endObjects(2);
    lines.endLine();
    Document.write(id, event, placement, lines);
    lines.endLine();
  }

  /** In bytes. */
  int size() {
    return lines.size();
  }

  /** How many bytes its memory has. */
  int capacity() {
    return lines.buffer().length;
  }

  void clear() {
    lines.clear();
  }

  /** What stands here now; not copied. */
  HttpEntity entity() {
    return new Entity(lines.buffer(), lines.size());
  }

  /**
   * Writes a slice at a time. The JDK copies all that it is handed into memory of the system's
   * before it sends as much as the connection takes, and so would copy the end of a bulk again and
   * again. It may be sent once more, to another node: each attempt begins at the beginning.
   */
  private static final class Entity extends NByteArrayEntity {
    private static final int SLICE = 128 * 1024;

    private final byte[] bytes;
    private final int end;

    /** Of the attempt that goes on; each has another. */
    private ContentEncoder attempt;

    private ByteBuffer unsent;

    Entity(byte[] bytes, int size) {
      super(bytes, 0, size, TYPE);
      this.bytes = bytes;
      end = size;
    }

    @Override
    public void produceContent(ContentEncoder encoder, IOControl control) throws IOException {
      if (encoder != attempt) {
        attempt = encoder;
        unsent = ByteBuffer.wrap(bytes, 0, end);
      }
      boolean takesMore = true;
      while (takesMore && unsent.position() < end) {
        unsent.limit(Math.min(end, unsent.position() + SLICE));
        encoder.write(unsent);
        takesMore = !unsent.hasRemaining();
      }
      if (unsent.position() == end) {
        encoder.complete();
      }
    }

    /** Comes when an attempt has failed, and then often after the next one has begun to send. */
    @Override
    public void close() {
      // nothing to give up, and nothing that may be changed
    }
  }
}
