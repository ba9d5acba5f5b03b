/**
 * Streams, sequences and the hash chain that links a stream's records. Uses the JDK alone, so that
 * a verifier can depend on it without anything else.
 */
package dev.bitacora.core.chain;
