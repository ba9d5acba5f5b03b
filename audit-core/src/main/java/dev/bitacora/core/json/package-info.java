/** Reading and writing JSON within limits; the one package that uses Jackson. */
package dev.bitacora.core.json;
