package dev.bitacora.collector.alarm;

import java.time.Instant;

/**
 * An alarm that fires.
 *
 * @param startsAt since when
 */
public record FiringAlarm(Alarm alarm, Instant startsAt) {}
