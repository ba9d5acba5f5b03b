package dev.bitacora.viewer.api;

import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.store.Placement;
import dev.bitacora.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One event of an answer: what the collector knows of it, the event's object to work with, and its
 * exact text to check hashes against.
 */
final class EventJson {
  private EventJson() {}

  static Map<String, Object> of(StoredEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", event.eventId());
    json.put("document_id", event.documentId());
    json.put("stream", event.position().stream().toString());
    json.put("sequence", event.position().sequence());
    json.put("time", EventTime.format(event.time()));
    json.put("time_status", event.plausibleTime() ? "plausible" : Placement.IMPLAUSIBLE);
    json.put("ingested", EventTime.format(event.ingested()));
    Map<String, Object> ledger = new LinkedHashMap<>();
    ledger.put("log", event.log().log());
    ledger.put("offset", event.log().offset());
    json.put("ledger", ledger);
    json.put("agent_id_status", event.agentIdStatus().text());
    json.put("event", object(event));
    json.put("original", new String(event.original(), StandardCharsets.UTF_8));
    return json;
  }

  private static Object object(StoredEvent event) {
    try {
      return JsonTree.readObject(event.original());
    } catch (MalformedJsonException e) {
      // Only a damaged store holds such bytes; the exact text below is then all there is.
      return null;
    }
  }
}
