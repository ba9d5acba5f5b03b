/**
 * The demo: the product, components that use it, and a check from outside that nothing was lost.
 */
package dev.bitacora.cli.demo;
