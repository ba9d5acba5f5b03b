package dev.bitacora.viewer.trail;

/**
 * Where it is recorded who looked at what. Never throws and never waits; what was recorded arrives
 * like any other component's event.
 */
public interface AccessLog {
  void record(AccessRecord access);
}
