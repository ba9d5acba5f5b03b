package dev.bitacora.viewer.access;

import java.util.Locale;
import java.util.Optional;

/** What somebody is allowed to do. Administration alone does not show a single event. */
public enum Role {
  /** Sends events, reads nothing. */
  COMPONENT,
  /** Searches and opens events. */
  READER,
  /** A reader who also sees proofs and who looked at what. */
  AUDITOR,
  /** A reader who also takes events away in files. */
  EXPORTER,
  /** Users, tokens and status; no events. */
  ADMIN;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** True when who has this role may do what {@code wanted} allows. */
  public boolean grants(Role wanted) {
    return this == wanted || (wanted == READER && (this == AUDITOR || this == EXPORTER));
  }
}
