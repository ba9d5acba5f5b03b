package dev.bitacora.collector.index;

import dev.bitacora.collector.deadletter.DeadLetterReason;

/**
 * Why a record can never be stored.
 *
 * @param detail what exactly is wrong; quotes no content
 */
public record Poison(DeadLetterReason reason, String detail) {}
