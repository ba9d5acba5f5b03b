/** The viewer over HTTP: the server, its routes and who may use them. The one that uses Javalin. */
package dev.bitacora.viewer.web;
