/** What several tests need. */
package dev.bitacora.collector.support;
