/** Collects input and writes it as one structured file, of any size. */
package dev.bitacora.examples.batch;
