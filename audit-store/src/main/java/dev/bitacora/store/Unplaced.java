package dev.bitacora.store;

import java.time.Instant;

/**
 * Events whose time is implausible, which are in no period and are kept by the time when they were
 * appended.
 *
 * @param appendedBefore exclusive
 */
public record Unplaced(Family family, Instant appendedBefore) {}
