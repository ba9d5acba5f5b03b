package dev.bitacora.viewer.trail;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.User;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.viewer.trail.AccessRecord.Origin;

/** Records through our own agent, so that looking leaves the same traces as everything else. */
public final class AgentAccessLog implements AccessLog {
  private final AuditLog log;

  /**
   * @param log opened and closed by the caller, with {@code bitacora-viewer} as its component
   */
  public AgentAccessLog(AuditLog log) {
    this.log = log;
  }

  @Override
  public void record(AccessRecord access) {
    EventDraft draft =
        log.event(access.action())
            .actor(User.id(access.actor()))
            .field("audit.actor.type", access.isService() ? "service" : "user")
            .mandatory();
    Origin origin = access.origin();
    draft
        .field("client.ip", origin.address())
        .field("source.ip", origin.peer())
        .field("http.request.method", origin.method())
        .field("url.path", origin.path());
    origin.userAgent().ifPresent(agent -> draft.field("user_agent.original", agent));
    access.target().ifPresent(target -> draft.target(target.type(), target.id()));
    access.details().forEach(draft::detail);
    outcome(draft, access).record();
  }

  private static EventDraft outcome(EventDraft draft, AccessRecord access) {
    return access.outcome() == Outcome.SUCCESS ? draft.success() : draft.failure(access.reason());
  }
}
