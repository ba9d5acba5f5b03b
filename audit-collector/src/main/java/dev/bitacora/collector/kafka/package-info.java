/** Everything that speaks to Kafka; the one package that uses its client. */
package dev.bitacora.collector.kafka;
