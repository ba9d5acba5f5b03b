/** Looking is recorded too: what people did in the viewer, as audit events of our own. */
package dev.bitacora.viewer.trail;
