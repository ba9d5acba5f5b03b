/** Small durable state of the service itself: users, tokens, saved searches. */
package dev.bitacora.store.state;
