/** A component's HTTP side. The only package that touches Javalin. */
package dev.bitacora.examples.web;
