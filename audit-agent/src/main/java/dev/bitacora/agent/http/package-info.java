/** Sends to the collector's HTTP intake, with the JDK's client. */
package dev.bitacora.agent.http;
