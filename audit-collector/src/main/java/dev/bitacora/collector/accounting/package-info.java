/**
 * What came in, what became of it, and the equation between the two that must hold at every moment.
 */
package dev.bitacora.collector.accounting;
