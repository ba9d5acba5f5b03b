/** What recording costs a component, beside what its peers cost. */
package dev.bitacora.bench.agent;
