package dev.bitacora.agent.chain;

import dev.bitacora.core.chain.ChainLink;

/** Writes an {@code agent.seal} record. */
@FunctionalInterface
public interface SealRecord {
  /**
   * The record's bytes.
   *
   * @param upTo the last sequence that is sealed
   * @param link after it
   * @param signature 64 bytes
   */
  byte[] write(long upTo, ChainLink link, byte[] signature);
}
