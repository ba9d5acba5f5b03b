package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An event as Elasticsearch gets it, one line of JSON:
 *
 * <pre>
 * {"event.id":…,"event.sequence":…, … ,"event.original":"…the event's bytes, as text…",  the envelope
 *  …the event's own members, byte for byte… }
 * </pre>
 *
 * <p>The members are not written again: what is indexed is what was sent. Only where the time is
 * not to be indexed as it stands (implausible, or in a notation Elasticsearch does not read) are
 * they re-written with another {@code @timestamp}.
 */
final class Document {
  private static final JsonWriter.Key ID = key("event.id");
  private static final JsonWriter.Key SEQUENCE = key("event.sequence");
  private static final JsonWriter.Key HASH = key("event.hash");
  private static final JsonWriter.Key INGESTED = key("event.ingested");
  private static final JsonWriter.Key AGENT_ID_STATUS = key("event.agent_id_status");
  private static final JsonWriter.Key STREAM = key("agent.ephemeral_id");
  private static final JsonWriter.Key LOG = key("ledger.log");
  private static final JsonWriter.Key OFFSET = key("ledger.offset");
  private static final JsonWriter.Key TIME_STATUS = key("audit.time_status");
  private static final JsonWriter.Key ORIGINAL = key("event.original");

  /** Bytes of an envelope with its names, without what it is around. */
  private static final int ENVELOPE = 512;

  private Document() {}

  /** Names with dots in them, as Elasticsearch lets them stand for objects. */
  private static JsonWriter.Key key(String name) {
    return new JsonWriter.Key(List.of(name));
  }

  /** About as many bytes as {@link #write} writes: an event stands there twice, once as a text. */
  static int expectedBytes(AuditEvent event) {
    return ENVELOPE + event.size() * 9 / 4;
  }

  /**
   * Writes it.
   *
   * @param documentId the event's, which begins with its id
   */
  static void write(String documentId, NewEvent event, Placement placement, JsonWriter writer) {
    byte[] original = event.event().bytes();
    String id = documentId.substring(0, StreamPosition.TEXT_LENGTH);
    writer.startObject();
    member(writer, ID, id);
    member(writer, SEQUENCE, event.position().sequence());
    member(writer, HASH, event.hash());
    member(writer, INGESTED, EventTime.format(event.ingested()));
    member(writer, AGENT_ID_STATUS, event.agentIdStatus().text());
    member(writer, STREAM, id.substring(0, StreamId.TEXT_LENGTH));
    member(writer, LOG, event.log().log());
    member(writer, OFFSET, event.log().offset());
    if (!placement.plausible()) {
      member(writer, TIME_STATUS, Placement.IMPLAUSIBLE);
    }
    writer.key(ORIGINAL);
    writer.utf8(original);
    writer.endObjectWith(
        isIndexable(event.event(), placement) ? original : withTime(event.event(), placement));
  }

  private static void member(JsonWriter writer, JsonWriter.Key name, Object value) {
    writer.key(name);
    writer.value(value);
  }

  private static boolean isIndexable(AuditEvent event, Placement placement) {
    return placement.plausible()
        && event
            .value(EventFields.TIMESTAMP)
            .filter(text -> EventTime.isAsFormatted((String) text))
            .isPresent();
  }

  private static byte[] withTime(AuditEvent event, Placement placement) {
    Map<String, Object> tree = new LinkedHashMap<>(event.tree());
    tree.put("@timestamp", EventTime.format(placement.time()));
    return JsonWriter.toBytes(tree);
  }
}
