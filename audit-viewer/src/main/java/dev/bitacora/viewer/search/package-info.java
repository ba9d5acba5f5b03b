/**
 * What somebody asks for: the parameters that pages and API share, and the answers of the store
 * within time and number limits. Knows neither HTTP nor HTML.
 */
package dev.bitacora.viewer.search;
