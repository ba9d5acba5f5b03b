/**
 * What can never be stored is parked here with its reason, so that it neither stops the flow nor
 * vanishes.
 */
package dev.bitacora.collector.deadletter;
