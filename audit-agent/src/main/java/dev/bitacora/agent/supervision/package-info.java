/** Keeps the agent's own threads at work. */
package dev.bitacora.agent.supervision;
