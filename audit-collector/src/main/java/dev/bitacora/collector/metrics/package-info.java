/** The accounts and durations as metrics; the one package that uses Micrometer. */
package dev.bitacora.collector.metrics;
