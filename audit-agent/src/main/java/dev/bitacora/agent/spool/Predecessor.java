package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;

/**
 * The stream that a lane had before this one.
 *
 * @param lastSequence of the last record that is known of it; -1 when none is
 * @param stopped true if its end was recorded; false if its process died
 */
public record Predecessor(StreamId stream, long lastSequence, boolean stopped) {}
