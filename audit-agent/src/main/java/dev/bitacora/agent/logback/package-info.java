/**
 * For components that log through Logback: lines into the log lane, marked ones as audit events.
 */
package dev.bitacora.agent.logback;
