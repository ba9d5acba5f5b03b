/**
 * Configuration, the same for the agent and the service: one table of settings, one order (option,
 * environment, file, default), all errors at once, secrets masked.
 */
package dev.bitacora.core.config;
