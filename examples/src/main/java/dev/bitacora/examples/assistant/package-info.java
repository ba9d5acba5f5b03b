/** Calls an external language service, which is sometimes slow and sometimes fails. */
package dev.bitacora.examples.assistant;
