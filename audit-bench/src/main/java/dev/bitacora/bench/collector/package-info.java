/** How fast the collector moves events into its stores, and how soon they are found. */
package dev.bitacora.bench.collector;
