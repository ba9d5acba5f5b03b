/** Shows an agent's health in Micrometer; not loaded unless a component asks for it. */
package dev.bitacora.agent.micrometer;
