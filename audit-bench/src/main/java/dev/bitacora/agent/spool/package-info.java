/** What the harness needs of the spool and nobody else gets. Never shipped. */
package dev.bitacora.agent.spool;
