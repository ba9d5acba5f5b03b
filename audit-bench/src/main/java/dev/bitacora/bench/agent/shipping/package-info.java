/** How fast a spool is delivered to Kafka, beside Kafka's own tool. */
package dev.bitacora.bench.agent.shipping;
