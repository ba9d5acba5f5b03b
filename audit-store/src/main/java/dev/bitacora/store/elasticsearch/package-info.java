/**
 * The store on Elasticsearch, what it needs to have installed there, and shared state beside it;
 * the one package that uses Elasticsearch.
 */
package dev.bitacora.store.elasticsearch;
