package dev.bitacora.agent;

import dev.bitacora.agent.shipping.DeliveryState;
import dev.bitacora.agent.spool.Durability;
import dev.bitacora.agent.spool.Slot;
import dev.bitacora.agent.spool.SpoolLimits;
import dev.bitacora.agent.spool.SpoolState;
import dev.bitacora.agent.spool.Spooling;
import dev.bitacora.agent.supervision.SupervisedThread;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** An open agent: its two lanes, their heartbeats, and the way down. Safe for any thread. */
final class Lanes {
  /** How full the audit lane may be without a word. */
  private static final double CONSTRAINED = 0.5;

  private final AuditConfig config;
  private final Supervision supervision;
  private final Spooling spooling;
  private final Envelope envelope;
  private final StandardError standardError;
  private final Lane audit;
  private final Lane log;
  private final Heart heart;
  private final SupervisedThread adopting;
  private final Thread shutdownHook = new Thread(this::endOfProcess, "bitacora-shutdown");
  private boolean closed;

  Lanes(AuditConfig config, StandardError standardError) {
    this.config = config;
    this.standardError = standardError;
    String name = config.component() + "/" + config.environment();
    Path slots = Slot.folderOf(config.spoolDir(), config.component(), config.environment());
    supervision = new Supervision(standardError::line);
    spooling =
        new Spooling(
            slots, AgentThreads.PREFIX + name + "-spool", supervision, standardError::line);
    envelope = new Envelope(config, spooling.agentId());
    Function<Dataset, TransportFactory> transports = Destination.of(config);
    Duration maxBlock = config.spoolFull() == SpoolFull.BLOCK ? config.maxBlock() : Duration.ZERO;
    audit =
        lane(Dataset.AUDIT, SpoolLimits.keepingAll(config.auditSpoolBytes(), maxBlock), transports);
    log = lane(Dataset.LOG, SpoolLimits.sheddingOldest(config.logSpoolBytes()), transports);
    heart =
        new Heart(
            AgentThreads.PREFIX + name + "-heart",
            supervision,
            this::ready,
            this::heartbeat,
            config.heartbeat());
    adopting =
        supervision.thread(
            AgentThreads.PREFIX + name + "-adopt",
            new Adoption(slots, envelope, transports, supervision, standardError::line));
  }

  private Lane lane(
      Dataset dataset, SpoolLimits limits, Function<Dataset, TransportFactory> transports) {
    return new Lane(
        dataset,
        StreamId.newAt(Instant.now()),
        limits,
        spooling,
        envelope,
        transports.apply(dataset),
        supervision,
        standardError::line);
  }

  Envelope envelope() {
    return envelope;
  }

  /** For people: where records wait, and what they survive there. */
  String place() {
    return spooling.place() + ", durability: " + audit.durability().meaning();
  }

  void start() {
    spooling.trouble().ifPresent(standardError::line);
    spooling.start();
    audit.start(log.stream());
    log.start(audit.stream());
    heart.start();
    adopting.start();
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  private void ready() {
    Map<String, Object> facts = Artifact.running(config.artifactSha256()).facts();
    both(lane -> lane.ready(facts));
  }

  private void heartbeat() {
    Map<String, Object> facts = ProcessFacts.now(config.spoolDir());
    facts.put("thread_restarts", supervision.restarts());
    both(lane -> lane.heartbeat(facts));
  }

  private void both(Consumer<Lane> action) {
    action.accept(audit);
    action.accept(log);
  }

  Lane of(Dataset dataset) {
    return dataset == Dataset.LOG ? log : audit;
  }

  Lane audit() {
    return audit;
  }

  AgentHealth health() {
    SpoolState audits = audit.spool();
    SpoolState lines = log.spool();
    DeliveryState ofAudits = audit.delivery();
    DeliveryState ofLines = log.delivery();
    boolean isConstrained =
        spooling.trouble().isPresent() || supervision.isAnyDown() || audits.fill() >= CONSTRAINED;
    AgentHealth.State worst = worse(ofAudits.phase(), ofLines.phase());
    return new AgentHealth(
        isConstrained && worst == AgentHealth.State.UP ? AgentHealth.State.DEGRADED : worst,
        audits.accepted() + lines.accepted(),
        ofAudits.shipped() + ofLines.shipped(),
        ofAudits.acknowledged() + ofLines.acknowledged(),
        audits.refused(),
        lines.refused(),
        audits.bytes() + lines.bytes(),
        longer(audits.oldestAge(), lines.oldestAge()),
        audit.durability(),
        supervision.restarts(),
        lastError(ofAudits, ofLines));
  }

  /** What is wrong now comes before what may be over. */
  private Optional<String> lastError(DeliveryState ofAudits, DeliveryState ofLines) {
    Optional<String> down = supervision.isAnyDown() ? supervision.lastFailure() : Optional.empty();
    return down.or(spooling::trouble)
        .or(ofAudits::lastError)
        .or(ofLines::lastError)
        .or(supervision::lastFailure);
  }

  /** The phases are in order from good to bad. */
  private static AgentHealth.State worse(DeliveryState.Phase a, DeliveryState.Phase b) {
    return switch (a.compareTo(b) > 0 ? a : b) {
      case DELIVERING -> AgentHealth.State.UP;
      case RETRYING -> AgentHealth.State.DEGRADED;
      case HELD -> AgentHealth.State.HELD;
      case STOPPED -> AgentHealth.State.STOPPED;
    };
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /** Whoever comes second waits until the first is done: what depends on it may end then. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    forgetShutdownHook();
    awaitReady();
    both(lane -> lane.stop(config.drain()));
    both(Lane::close);
    reportLeftovers();
    spooling.close();
  }

  /** Delivers for a bounded time; what the process records after that, its successor delivers. */
  private synchronized void endOfProcess() {
    if (!closed) {
      awaitReady();
      both(lane -> lane.announceStop(config.drain()));
      both(Lane::close);
      reportLeftovers();
    }
  }

  /** A short process, too, says what it is and who came before it. */
  private void awaitReady() {
    adopting.end(Duration.ZERO);
    adopting.interrupt();
    heart.close();
  }

  private void reportLeftovers() {
    long left = audit.unacknowledged() + log.unacknowledged();
    if (left > 0) {
      standardError.line(
          left
              + " records were not delivered: "
              + (audit.durability() == Durability.MEMORY
                  ? "they are lost with this process, " + audit.durability().meaning()
                  : "they wait in "
                      + spooling.place()
                      + " and are delivered by this component's next start"));
    }
  }

  private void forgetShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // the hook is running: it is who closes
    }
  }
}
