/** Who works with the example components. */
package dev.bitacora.examples.people;
