/** How much heap the agent adds to its component. */
package dev.bitacora.bench.agent.memory;
