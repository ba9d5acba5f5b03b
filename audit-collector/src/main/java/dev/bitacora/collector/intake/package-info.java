/** Takes events from senders and acknowledges them once they are durable. Knows no HTTP. */
package dev.bitacora.collector.intake;
