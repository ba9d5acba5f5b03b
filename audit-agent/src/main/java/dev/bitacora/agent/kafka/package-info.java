/** Sends to Kafka. The only package that touches kafka-clients; not loaded for HTTP. */
package dev.bitacora.agent.kafka;
