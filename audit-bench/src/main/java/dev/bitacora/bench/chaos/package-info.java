/**
 * Breaks a recording component and its destination at random moments, and checks from outside that
 * nothing that was accepted is missing. Never shipped.
 */
package dev.bitacora.bench.chaos;
