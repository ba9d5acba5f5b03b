/** Deletes what has expired, keeps what a legal hold covers, and records both. */
package dev.bitacora.collector.retention;
