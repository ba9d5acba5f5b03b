package dev.bitacora.agent.spool;

import java.time.Duration;

/**
 * A spool's counters at one moment.
 *
 * @param accepted records accepted so far, control records not counted
 * @param refused records refused so far
 * @param nextSequence the number the next record will get
 * @param bytes held
 * @param records held, control records included
 * @param oldestAge how long the oldest record has been waiting; zero when none is
 * @param fill how much of the room is taken, from 0 to 1
 */
public record SpoolState(
    long accepted,
    long refused,
    long nextSequence,
    long bytes,
    long records,
    Duration oldestAge,
    double fill) {}
