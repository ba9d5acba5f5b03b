package dev.bitacora.collector.streams;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.AuditEvent;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A stream as the store has it.
 *
 * @param highest number that was found; there may be a few above it
 * @param newest an event of it
 * @param ingested when the log took that event
 * @param signOfLife the number of the newest record that only a living agent writes
 * @param stop the number of the record that ends it
 */
record StoredStream(
    StreamId id,
    long highest,
    AuditEvent newest,
    Instant ingested,
    OptionalLong signOfLife,
    OptionalLong stop) {}
