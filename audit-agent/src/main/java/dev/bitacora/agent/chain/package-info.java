/** Computes the audit lane's hash chain, in the order of commits, and seals it. */
package dev.bitacora.agent.chain;
