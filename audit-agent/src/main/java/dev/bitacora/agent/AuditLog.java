package dev.bitacora.agent;

import dev.bitacora.agent.spool.Durability;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.mask.Masking;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Where a component records what it does.
 *
 * <pre>{@code
 * AuditLog audit = AuditLog.open(AuditConfig.fromEnvironment());
 * audit.event("invoice.approve").actor(User.id("u42")).target("invoice", "I-981").success().record();
 * }</pre>
 *
 * <p>Safe for any thread. Recording never blocks and never throws, whether the destination is up,
 * slow, down or unresolvable, unless {@link AuditConfig.Builder#spoolFull} asks for it. Accepted
 * events stand in a spool on the local disk until the destination has acknowledged them: they
 * survive the death of the process by any signal, and the component's next start delivers what is
 * left. Where no folder can be written they wait in memory; receipts and {@link #health} say so.
 * What the spool has no room for is refused, counted, and accounted for by an {@code agent.dropped}
 * record.
 *
 * <p>Closing delivers what is left, for a bounded time; a process that ends without closing does
 * the same in a shutdown hook.
 */
public final class AuditLog implements AutoCloseable {
  private final AuditConfig config;
  private final Envelope envelope;
  private final Masking masking;
  private final StandardError standardError;
  private final Optional<Lanes> lanes;

  private AuditLog(AuditConfig config) {
    this.config = config;
    this.masking = config.masking();
    this.standardError =
        new StandardError(config.component() + "/" + config.environment(), config.isQuiet());
    this.lanes =
        config.isEnabled() ? Optional.of(new Lanes(config, standardError)) : Optional.empty();
    this.envelope = lanes.map(Lanes::envelope).orElseGet(() -> new Envelope(config, "none"));
  }

  /**
   * Opens the agent; does no network I/O and waits for nobody.
   *
   * @throws InvalidConfigurationException listing everything that is wrong
   */
  public static AuditLog open(AuditConfig config) {
    List<String> problems = config.problems();
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    AuditLog log = new AuditLog(config);
    log.start();
    return log;
  }

  /**
   * The agent that the whole process shares, opened from the environment on first use: what a
   * {@code logback.xml} uses that names none.
   *
   * @throws InvalidConfigurationException listing everything that is wrong
   */
  public static AuditLog shared() {
    return SharedLog.get();
  }

  private void start() {
    if (lanes.isEmpty()) {
      standardError.line("auditing is switched off (BITACORA_ENABLED=false)");
      return;
    }
    lanes.get().start();
    standardError.line("auditing to " + config.destination() + ", spool: " + lanes.get().place());
  }

  /** Begins an audit event; the action is a stable dotted verb, {@code invoice.approve}. */
  public EventDraft event(String action) {
    return draft(Dataset.AUDIT).action(action);
  }

  /** Begins an application's log line. */
  public EventDraft logLine(String level, String logger, String message) {
    return draft(Dataset.LOG)
        .text(EventFields.LOG_LEVEL, level)
        .text(EventFields.LOG_LOGGER, logger)
        .message(message == null || message.isBlank() ? "(empty)" : message);
  }

  /**
   * True if a log line of this level is to be left out because its lane is filling; it is then
   * counted as shed. Below half of the room none is, then first TRACE and DEBUG, then INFO, then
   * WARN.
   */
  public boolean shedsLine(String level) {
    return lanes.filter(open -> open.of(Dataset.LOG).shedsLine(level)).isPresent();
  }

  private EventDraft draft(Dataset dataset) {
    return new EventDraft(this, dataset, envelope.builder(dataset).masking(masking));
  }

  Receipt accept(Dataset dataset, EventDraft draft) {
    return prepare(dataset, draft).get();
  }

  /** Encodes the event now; accepts it when asked. */
  Supplier<Receipt> prepare(Dataset dataset, EventDraft draft) {
    if (lanes.isEmpty()) {
      return () ->
          Receipt.refused(
              dataset, Durability.MEMORY, "auditing is switched off (BITACORA_ENABLED=false)");
    }
    Lane lane = lanes.get().of(dataset);
    try {
      byte[] bytes = draft.encode();
      return () -> told(dataset, append(lane, bytes));
    } catch (Throwable t) { // recording never hurts the component, not even by an Error
      String reason = "the event could not be encoded: " + t.getClass().getName();
      return () -> told(dataset, lane.refuse(reason));
    }
  }

  private static Receipt append(Lane lane, byte[] bytes) {
    try {
      return lane.append(bytes);
    } catch (Throwable t) { // a disk that fails under mapped memory is an Error
      return lane.refuse("the spool failed: " + t);
    }
  }

  private Receipt told(Dataset dataset, Receipt receipt) {
    tell(receipt);
    boolean mustThrow = config.spoolFull() == SpoolFull.FAIL && dataset == Dataset.AUDIT;
    if (mustThrow && !receipt.isAccepted()) {
      throw new AuditRefusedException(receipt.reason());
    }
    return receipt;
  }

  private void tell(Receipt receipt) {
    try {
      config.receipts().accept(receipt);
    } catch (RuntimeException e) {
      // the listener's trouble is not the component's; the receipt itself is returned
    }
  }

  CompletableFuture<Receipt> acknowledgementOf(Dataset dataset, Receipt receipt) {
    return lanes
        .map(open -> open.of(dataset).acknowledgementOf(receipt))
        .orElseGet(
            () -> CompletableFuture.failedFuture(new IllegalStateException(receipt.toString())));
  }

  CompletableFuture<Receipt> onDisk(Dataset dataset, Receipt receipt) {
    return lanes
        .map(open -> open.of(dataset).onDisk(receipt))
        .orElseGet(
            () -> CompletableFuture.failedFuture(new IllegalStateException(receipt.toString())));
  }

  /** The stream of the audit lane; empty when switched off. */
  public Optional<StreamId> auditStream() {
    return lanes.map(open -> open.audit().stream());
  }

  public AgentHealth health() {
    return lanes
        .map(Lanes::health)
        .orElseGet(
            () ->
                new AgentHealth(
                    AgentHealth.State.DISABLED,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    Duration.ZERO,
                    Durability.MEMORY,
                    0,
                    Optional.empty()));
  }

  /**
   * Ends both streams and delivers what is left, as long as configured. Later records are refused.
   * Says on stderr what was left behind. May be called again.
   */
  @Override
  public void close() {
    lanes.ifPresent(Lanes::close);
  }
}
