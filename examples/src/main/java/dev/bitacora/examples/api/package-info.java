/** The front: invoices are created, changed, approved and rejected here. */
package dev.bitacora.examples.api;
