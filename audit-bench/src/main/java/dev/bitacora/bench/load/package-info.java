/**
 * What the agent costs the people who use a component, measured at its web server. Never shipped.
 */
package dev.bitacora.bench.load;
