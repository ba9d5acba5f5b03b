/** Secrets and card numbers in what people record, taken out before there are bytes. */
package dev.bitacora.core.mask;
