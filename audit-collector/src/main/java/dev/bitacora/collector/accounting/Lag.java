package dev.bitacora.collector.accounting;

import java.time.Duration;

/**
 * How far behind a log's end we are.
 *
 * @param records that the log holds and that are not durable yet, whether consumed or not
 * @param age of the oldest record that is consumed and not settled; zero when there is none
 */
public record Lag(long records, Duration age) {}
