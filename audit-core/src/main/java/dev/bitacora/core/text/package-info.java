/** Helping people who mistype. */
package dev.bitacora.core.text;
