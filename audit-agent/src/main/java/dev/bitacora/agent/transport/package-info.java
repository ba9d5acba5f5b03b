/** The narrow way out: what a destination must be able to do. */
package dev.bitacora.agent.transport;
