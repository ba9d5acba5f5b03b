/** Moves a lane's records from its spool to the destination, and tries again until it succeeds. */
package dev.bitacora.agent.shipping;
