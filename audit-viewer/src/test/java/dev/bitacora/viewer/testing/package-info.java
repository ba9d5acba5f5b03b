/** What the tests share: a running viewer, sample events, a client. */
package dev.bitacora.viewer.testing;
