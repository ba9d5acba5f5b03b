/** The collector, assembled: embedded and distributed. */
package dev.bitacora.collector;
