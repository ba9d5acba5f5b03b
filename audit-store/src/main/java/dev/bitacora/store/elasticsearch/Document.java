package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
  /** Bytes of an envelope, without what it is around. */
  private static final int ENVELOPE = 512;

  private Document() {}

  static byte[] of(NewEvent event, Placement placement) {
    byte[] original = event.event().bytes();
    byte[] members =
        isIndexable(event.event(), placement) ? original : withTime(event.event(), placement);
    return splice(envelope(event, placement, original), members);
  }

  private static boolean isIndexable(AuditEvent event, Placement placement) {
    return placement.plausible()
        && event.text("@timestamp").filter(EventTime.format(event.timestamp())::equals).isPresent();
  }

  private static byte[] withTime(AuditEvent event, Placement placement) {
    Map<String, Object> tree = new LinkedHashMap<>(event.tree());
    tree.put("@timestamp", EventTime.format(placement.time()));
    return JsonWriter.toBytes(tree);
  }

  private static byte[] envelope(NewEvent event, Placement placement, byte[] original) {
    JsonWriter writer = new JsonWriter(ENVELOPE + original.length + original.length / 4);
    writer.startObject();
    member(writer, "event.id", event.position().eventId());
    member(writer, "event.sequence", event.position().sequence());
    member(writer, "event.hash", event.hash());
    member(writer, "event.ingested", EventTime.format(event.ingested()));
    member(writer, "event.agent_id_status", event.agentIdStatus().text());
    member(writer, "agent.ephemeral_id", event.position().stream().toString());
    member(writer, "ledger.log", event.log().log());
    member(writer, "ledger.offset", event.log().offset());
    if (!placement.plausible()) {
      member(writer, "audit.time_status", Placement.IMPLAUSIBLE);
    }
    writer.key("event.original");
    writer.utf8(original);
    writer.endObject();
    return writer.finish();
  }

  private static void member(JsonWriter writer, String name, Object value) {
    writer.key(name);
    writer.value(value);
  }

  /** One object of the members of two; neither is empty. */
  private static byte[] splice(byte[] first, byte[] second) {
    int from = 0;
    while (second[from] != '{') {
      from++;
    }
    byte[] both = Arrays.copyOf(first, first.length + second.length - from - 1);
    both[first.length - 1] = ',';
    System.arraycopy(second, from + 1, both, first.length, second.length - from - 1);
    // A bulk is lines. Inside JSON's strings line ends are escaped; between tokens a blank does.
    for (int i = first.length; i < both.length; i++) {
      if (both[i] == '\n' || both[i] == '\r') {
        both[i] = ' ';
      }
    }
    return both;
  }
}
