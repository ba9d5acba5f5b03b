/**
 * Who may do what: local users, API tokens, sessions and the one-time link of the first start, kept
 * in the {@code StateStore} that all viewers share. Knows nothing of HTTP.
 */
package dev.bitacora.viewer.access;
