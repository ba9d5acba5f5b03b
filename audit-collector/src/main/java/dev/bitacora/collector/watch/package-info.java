/** What the collector looks at by itself, and when it raises an alarm. */
package dev.bitacora.collector.watch;
