/**
 * The event: its fields, its immutable value, its bytes and the check that every reader applies to
 * bytes it is given.
 */
package dev.bitacora.core.event;
