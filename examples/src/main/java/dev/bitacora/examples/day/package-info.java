/** The day: what people do with the components, at a modest pace or up to an exact count. */
package dev.bitacora.examples.day;
