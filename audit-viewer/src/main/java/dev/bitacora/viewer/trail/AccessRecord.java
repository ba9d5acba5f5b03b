package dev.bitacora.viewer.trail;

import dev.bitacora.core.event.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One action of somebody in the viewer.
 *
 * @param actor a user's name, {@code token:…}, or {@code anonymous}
 * @param isService true when a program's token asked
 * @param target type and id of what was looked at
 * @param reason why it failed; empty when it did not
 * @param details the query, the number of results and the like
 */
public record AccessRecord(
    String action,
    String actor,
    boolean isService,
    Outcome outcome,
    Optional<Target> target,
    Origin origin,
    String reason,
    Map<String, Object> details) {

  /** Actions of our own; those of log-in and log-out are OWASP's. */
  public static final String SEARCH = "audit.search";

  public static final String VIEW = "audit.view";
  public static final String TRACE = "audit.trace";
  public static final String LOGOUT = "authn_logout";

  public AccessRecord {
    details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** What was looked at. */
  public record Target(String type, String id) {}

  /**
   * Where the request came from.
   *
   * @param address the client's, behind trusted proxies
   * @param peer the other end of the connection
   */
  public record Origin(
      String address, String peer, String method, String path, Optional<String> userAgent) {}
}
