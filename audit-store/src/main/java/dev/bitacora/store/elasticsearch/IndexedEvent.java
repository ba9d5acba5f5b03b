package dev.bitacora.store.elasticsearch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The part of a document that a reader needs: its envelope, which holds the event's bytes. */
record IndexedEvent(
    @JsonProperty("@timestamp") String time,
    @JsonProperty("event.id") String eventId,
    @JsonProperty("event.hash") String hash,
    @JsonProperty("event.original") String original,
    @JsonProperty("event.ingested") String ingested,
    @JsonProperty("event.agent_id_status") String agentIdStatus,
    @JsonProperty("ledger.log") String log,
    @JsonProperty("ledger.offset") long offset,
    @JsonProperty("audit.time_status") String timeStatus) {

  /** What to ask Elasticsearch for. */
  static final List<String> FIELDS =
      List.of(
          "@timestamp",
          "event.id",
          "event.hash",
          "event.original",
          "event.ingested",
          "event.agent_id_status",
          "ledger.log",
          "ledger.offset",
          "audit.time_status");

  StoredEvent toStored() {
    return new StoredEvent(
        StreamPosition.parse(eventId),
        hash,
        original.getBytes(StandardCharsets.UTF_8),
        EventTime.parse(time),
        timeStatus == null,
        EventTime.parse(ingested),
        new LogPosition(log, offset),
        AgentIdStatus.valueOf(agentIdStatus.toUpperCase(Locale.ROOT)));
  }
}
