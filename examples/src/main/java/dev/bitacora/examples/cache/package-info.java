/** Stores what is needed again soon, and deletes it when its time is over. */
package dev.bitacora.examples.cache;
