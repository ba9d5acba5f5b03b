/** The JSON of the HTTP API, as {@code openapi.yaml} documents it. Knows nothing of HTTP itself. */
package dev.bitacora.viewer.api;
