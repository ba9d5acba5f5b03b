/** Where accepted records wait until they are acknowledged. */
package dev.bitacora.agent.spool;
