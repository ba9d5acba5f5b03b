/** For components on Jakarta Servlet: every request in scope, and recorded. */
package dev.bitacora.agent.servlet;
