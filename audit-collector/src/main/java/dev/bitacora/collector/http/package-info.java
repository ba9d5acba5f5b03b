/** The intake, health and metrics over HTTP; the one package that uses Javalin. */
package dev.bitacora.collector.http;
