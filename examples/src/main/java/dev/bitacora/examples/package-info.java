/** Example components as processes, and the day that people spend with them. */
package dev.bitacora.examples;
