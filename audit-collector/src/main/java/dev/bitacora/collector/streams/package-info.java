/**
 * Keeps account of every stream: which of its numbers are missing, whether it still speaks, how it
 * ended, and whether its clock is right.
 */
package dev.bitacora.collector.streams;
