/**
 * Breaks everything between the broker and the index while three collectors work, and checks from
 * outside that each acknowledged event is there once. Never shipped.
 */
package dev.bitacora.bench.chaos.collector;
