/** What a benchmark compares the embedded store with, made of the store's own documents. */
package dev.bitacora.store.lucene;
