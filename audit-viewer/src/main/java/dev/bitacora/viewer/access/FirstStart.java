package dev.bitacora.viewer.access;

import java.util.Optional;

/**
 * What a service's first start hands to whoever started it. Each secret exists here only; the state
 * keeps hashes.
 *
 * @param user the first user, admin and auditor
 * @param loginToken for {@code /login/once?token=…}; there until the user chose a password
 * @param auditorToken for the API; when the user was made just now
 * @param componentToken for the intake; when the user was made just now
 */
public record FirstStart(
    String user,
    Optional<String> loginToken,
    Optional<String> auditorToken,
    Optional<String> componentToken) {

  @Override
  public String toString() {
    return "FirstStart[" + user + "]";
  }
}
