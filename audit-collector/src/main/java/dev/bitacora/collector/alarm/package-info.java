/** What somebody should look at, and how it reaches them. */
package dev.bitacora.collector.alarm;
