/** A component's loggers. The only package that touches Logback. */
package dev.bitacora.examples.logging;
