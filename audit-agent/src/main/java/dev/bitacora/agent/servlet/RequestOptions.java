package dev.bitacora.agent.servlet;

import dev.bitacora.agent.context.User;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How requests are recorded. Immutable; each method answers a changed copy.
 *
 * @param action of the recorded event; {@code http.request} by default
 * @param trustedProxies networks whose {@code X-Forwarded-For} is believed; none by default
 * @param actor who sends a request; by default the container's authenticated user. What the
 *     component finds out later it says with {@code AuditContext.update}
 * @param skipped requests that are put in scope and not recorded; none by default
 */
public record RequestOptions(
    String action,
    List<String> trustedProxies,
    Function<HttpServletRequest, Optional<User>> actor,
    Predicate<HttpServletRequest> skipped) {

  public RequestOptions {
    trustedProxies = List.copyOf(trustedProxies);
    TrustedProxies unused = TrustedProxies.of(trustedProxies);
  }

  public static RequestOptions defaults() {
    return new RequestOptions(
        "http.request",
        List.of(),
        request -> Optional.ofNullable(request.getRemoteUser()).map(User::id),
        request -> false);
  }

  public RequestOptions withAction(String action) {
    return new RequestOptions(action, trustedProxies, actor, skipped);
  }

  /**
   * Believes {@code X-Forwarded-For} from these networks.
   *
   * @throws IllegalArgumentException naming a network that is none
   */
  public RequestOptions withTrustedProxies(String... networks) {
    return new RequestOptions(action, List.of(networks), actor, skipped);
  }

  public RequestOptions withActor(Function<HttpServletRequest, Optional<User>> actor) {
    return new RequestOptions(action, trustedProxies, actor, skipped);
  }

  /** Does not record these, such as health checks. */
  public RequestOptions skipping(Predicate<HttpServletRequest> skipped) {
    return new RequestOptions(action, trustedProxies, actor, skipped);
  }
}
