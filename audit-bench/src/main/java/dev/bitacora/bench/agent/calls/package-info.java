/** What one call costs the component's thread, beside what its peers cost. */
package dev.bitacora.bench.agent.calls;
