/**
 * From records to the store: reading, one attempt at a time, and what each answer means. Knows
 * neither Kafka nor HTTP.
 */
package dev.bitacora.collector.index;
