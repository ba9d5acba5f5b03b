/** TLS for those who connect. */
package dev.bitacora.core.tls;
