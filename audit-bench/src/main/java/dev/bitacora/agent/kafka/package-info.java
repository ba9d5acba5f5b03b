/** What the harness needs of the Kafka transport and nobody else gets. Never shipped. */
package dev.bitacora.agent.kafka;
