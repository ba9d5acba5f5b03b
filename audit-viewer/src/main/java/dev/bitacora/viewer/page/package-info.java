/**
 * The pages' HTML: what a page shows is a record here, how it looks is a JTE template. Everything
 * that comes from an event is read from its original bytes and escaped. Knows nothing of HTTP.
 */
package dev.bitacora.viewer.page;
