package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;

/**
 * One accepted record.
 *
 * @param value the exact bytes, shared: nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record SpooledRecord(long sequence, RecordKind kind, byte[] value) {}
