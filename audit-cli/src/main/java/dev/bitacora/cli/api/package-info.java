/** The viewer's API as a program uses it. */
package dev.bitacora.cli.api;
