/** The library inside components: what they call to record what they do. */
package dev.bitacora.agent;
