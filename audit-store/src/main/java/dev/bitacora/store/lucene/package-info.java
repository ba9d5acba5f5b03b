/**
 * The embedded store: {@link dev.bitacora.store.lucene.LuceneStore}. The only package that knows
 * Lucene.
 */
package dev.bitacora.store.lucene;
