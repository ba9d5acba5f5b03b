/** Whether the collector works, and if not, why and what to do. */
package dev.bitacora.collector.health;
