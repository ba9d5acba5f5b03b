/** For components on Javalin: every request in scope, and recorded. */
package dev.bitacora.agent.javalin;
