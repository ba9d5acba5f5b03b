/** Benchmarks beside peers, end to end, on one machine. Never shipped. */
package dev.bitacora.bench;
