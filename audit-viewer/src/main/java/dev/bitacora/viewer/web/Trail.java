package dev.bitacora.viewer.web;

import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.viewer.access.Identity;
import dev.bitacora.viewer.search.Found;
import dev.bitacora.viewer.search.SearchParameters;
import dev.bitacora.viewer.search.Span;
import dev.bitacora.viewer.trail.AccessLog;
import dev.bitacora.viewer.trail.AccessRecord;
import dev.bitacora.viewer.trail.AccessRecord.Origin;
import dev.bitacora.viewer.trail.AccessRecord.Target;
import dev.bitacora.viewer.trail.RecordedSearches;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Records what a request was about. */
final class Trail {
  private static final String ANONYMOUS = "anonymous";

  private final AccessLog log;
  private final Proxies proxies;
  private final RecordedSearches recorded = new RecordedSearches();

  Trail(AccessLog log, Proxies proxies) {
    this.log = log;
    this.proxies = proxies;
  }

  /** A search, unless this is a further page of one that was recorded. */
  void searched(Context ctx, SearchParameters asked, Found found) {
    String search = "search " + asked.identityOfSearch();
    if (recorded.isNew(Caller.identityOf(ctx), search, asked.isPaging())) {
      Map<String, Object> details = question(asked.queryText(), asked.span());
      details.put("results", found.total());
      details.put("complete", found.completeness().isComplete());
      record(ctx, AccessRecord.SEARCH, Outcome.SUCCESS, Optional.empty(), "", details);
    }
  }

  /**
   * A search of which only counts were asked.
   *
   * @param counts {@code facets} or {@code histogram}
   */
  void counted(Context ctx, String counts, String query, Span span) {
    Map<String, Object> details = question(query, span);
    details.put("counts", counts);
    record(ctx, AccessRecord.SEARCH, Outcome.SUCCESS, Optional.empty(), "", details);
  }

  private static Map<String, Object> question(String query, Span span) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("query", query);
    details.put("from", EventTime.format(span.from()));
    details.put("to", EventTime.format(span.to()));
    return details;
  }

  /** An event that was opened; {@code isSameView} when only its surroundings changed. */
  void viewed(Context ctx, String eventId, boolean isSameView) {
    if (recorded.isNew(Caller.identityOf(ctx), "view " + eventId, isSameView)) {
      record(ctx, AccessRecord.VIEW, Outcome.SUCCESS, target("event", eventId), "", Map.of());
    }
  }

  void viewedNothing(Context ctx, String eventId) {
    record(
        ctx,
        AccessRecord.VIEW,
        Outcome.FAILURE,
        target("event", eventId),
        "no such event, or outside the scope",
        Map.of());
  }

  void traced(Context ctx, String traceId, long results) {
    record(
        ctx,
        AccessRecord.TRACE,
        Outcome.SUCCESS,
        target("trace", traceId),
        "",
        Map.of("results", results));
  }

  void loggedIn(Context ctx, Identity who, String how) {
    recordLogin(ctx, who.id(), false, Actions.AUTHN_LOGIN_SUCCESS, "", how);
  }

  void loginFailed(Context ctx, String name, String reason, String how) {
    recordLogin(
        ctx, name.isBlank() ? ANONYMOUS : name, true, Actions.AUTHN_LOGIN_FAIL, reason, how);
  }

  void loginLocked(Context ctx, String name, String how) {
    recordLogin(
        ctx,
        name.isBlank() ? ANONYMOUS : name,
        true,
        Actions.AUTHN_LOGIN_LOCK,
        "too many failed attempts",
        how);
  }

  void loggedOut(Context ctx) {
    record(ctx, AccessRecord.LOGOUT, Outcome.SUCCESS, Optional.empty(), "", Map.of());
  }

  void changedPassword(Context ctx) {
    record(ctx, Actions.AUTHN_PASSWORD_CHANGE, Outcome.SUCCESS, Optional.empty(), "", Map.of());
  }

  void denied(Context ctx, String reason) {
    record(ctx, Actions.AUTHZ_FAIL, Outcome.FAILURE, Optional.empty(), reason, Map.of());
  }

  private void recordLogin(
      Context ctx, String actor, boolean failed, String action, String reason, String how) {
    log.record(
        new AccessRecord(
            action,
            actor,
            false,
            failed ? Outcome.FAILURE : Outcome.SUCCESS,
            Optional.empty(),
            origin(ctx),
            reason,
            Map.of("method", how)));
  }

  private void record(
      Context ctx,
      String action,
      Outcome outcome,
      Optional<Target> target,
      String reason,
      Map<String, Object> details) {
    Optional<Identity> who = Caller.of(ctx).map(Caller::identity);
    log.record(
        new AccessRecord(
            action,
            who.map(Identity::id).orElse(ANONYMOUS),
            who.filter(identity -> identity.kind() == Identity.Kind.TOKEN).isPresent(),
            outcome,
            target,
            origin(ctx),
            reason,
            new LinkedHashMap<>(details)));
  }

  private Origin origin(Context ctx) {
    return new Origin(
        proxies.client(ctx),
        proxies.peer(ctx),
        ctx.method().name(),
        ctx.path(),
        Optional.ofNullable(ctx.userAgent()));
  }

  private static Optional<Target> target(String type, String id) {
    return Optional.of(new Target(type, id));
  }
}
