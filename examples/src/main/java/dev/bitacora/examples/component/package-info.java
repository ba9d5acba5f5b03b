/** What every example component has: its agent, its loggers, its web server, its peers. */
package dev.bitacora.examples.component;
