package dev.bitacora.store;

/**
 * Whether a store answers.
 *
 * @param reason why not and what to do, in one sentence; what it is, when it answers
 */
public record StoreHealth(boolean up, String reason) {}
