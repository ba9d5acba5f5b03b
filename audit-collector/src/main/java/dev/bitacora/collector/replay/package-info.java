/** Records that are delivered once more because a person asked for it. */
package dev.bitacora.collector.replay;
