/**
 * The query language: text to tree and back. Close to Kibana's KQL; each store compiles the tree
 * itself, and a user's text never reaches a store as text.
 */
package dev.bitacora.core.query;
