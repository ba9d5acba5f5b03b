package dev.bitacora.agent.micrometer;

import dev.bitacora.agent.AgentHealth;
import dev.bitacora.agent.AuditLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * An agent's health as meters: {@code new AgentMeters(audit).bindTo(registry)}. Counters are those
 * of this process. Reading them costs the component's threads nothing. Safe for any thread.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><td>bitacora.agent.accepted</td><td>events and log lines accepted</td></tr>
 *   <tr><td>bitacora.agent.acknowledged</td><td>those that the destination holds</td></tr>
 *   <tr><td>bitacora.agent.refused</td><td>audit events that were not accepted</td></tr>
 *   <tr><td>bitacora.agent.shed</td><td>log lines that were not accepted, or given up</td></tr>
 *   <tr><td>bitacora.agent.spool.bytes</td><td>waiting to be acknowledged</td></tr>
 *   <tr><td>bitacora.agent.oldest.seconds</td><td>how long the oldest record has waited</td></tr>
 *   <tr><td>bitacora.agent.restarts</td><td>threads of the agent that had to begin anew</td></tr>
 *   <tr><td>bitacora.agent.up</td><td>1 while it delivers, 0 otherwise</td></tr>
 * </table>
 */
public final class AgentMeters implements MeterBinder {
  private final AuditLog audit;

  public AgentMeters(AuditLog audit) {
    this.audit = audit;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, "accepted", "Events and log lines accepted", AgentHealth::accepted);
    counter(registry, "acknowledged", "Those the destination holds", AgentHealth::acknowledged);
    counter(registry, "refused", "Audit events that were not accepted", AgentHealth::refused);
    counter(registry, "shed", "Log lines that were not accepted, or given up", AgentHealth::shed);
    counter(registry, "restarts", "Threads that had to begin anew", AgentHealth::threadRestarts);
    gauge(registry, "spool.bytes", "Waiting to be acknowledged", AgentHealth::queueBytes);
    gauge(
        registry,
        "oldest.seconds",
        "How long the oldest record has waited",
        health -> health.oldestUnacknowledged().toMillis() / 1000.0);
    gauge(
        registry,
        "up",
        "1 while it delivers",
        health -> health.state() == AgentHealth.State.UP ? 1 : 0);
  }

  private void counter(
      MeterRegistry registry, String name, String about, ToDoubleFunction<AgentHealth> value) {
    FunctionCounter.builder(
            "bitacora.agent." + name, audit, agent -> value.applyAsDouble(agent.health()))
        .description(about)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String about, ToDoubleFunction<AgentHealth> value) {
    Gauge.builder("bitacora.agent." + name, audit, agent -> value.applyAsDouble(agent.health()))
        .description(about)
        .register(registry);
  }
}
