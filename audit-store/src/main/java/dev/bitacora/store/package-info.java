/**
 * Where events are kept and found: one interface, {@link dev.bitacora.store.AuditStore}, and its
 * value types. The implementations are in the packages below.
 */
package dev.bitacora.store;
