/**
 * What agent and collector share: a record around an event's bytes, as Kafka headers and as frames
 * of an HTTP batch. Held by golden files.
 */
package dev.bitacora.core.wire;
