package dev.bitacora.agent;

import dev.bitacora.agent.chain.Links;
import dev.bitacora.agent.chain.Sealer;
import dev.bitacora.agent.shipping.DeliveryState;
import dev.bitacora.agent.shipping.Shipper;
import dev.bitacora.agent.spool.Durability;
import dev.bitacora.agent.spool.Predecessor;
import dev.bitacora.agent.spool.Spool;
import dev.bitacora.agent.spool.SpoolLimits;
import dev.bitacora.agent.spool.SpoolState;
import dev.bitacora.agent.spool.Spooling;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.wire.RecordKind;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A stream with its spool and its shipper: one for audit events, one for log lines. */
final class Lane {
  private final Dataset dataset;
  private final RecordKind kind;
  private final ControlRecords controls;
  private final Spool spool;
  private final Shipper shipper;
  private final Optional<Links> chain;
  private final Optional<Sealer> sealer;
  private final Consumer<String> reports;

  /** The thread's alone that says so. */
  private boolean isReady;

  Lane(
      Dataset dataset,
      StreamId stream,
      SpoolLimits limits,
      Spooling spooling,
      Envelope envelope,
      TransportFactory transports,
      Supervision supervision,
      Consumer<String> reports) {
    this.dataset = dataset;
    this.kind = dataset == Dataset.LOG ? RecordKind.LOG : RecordKind.AUDIT;
    this.controls = new ControlRecords(envelope, dataset.text(), stream);
    this.spool = spooling.lane(dataset.text(), stream, limits, controls);
    String threadName = AgentThreads.PREFIX + envelope.name() + "-" + dataset.text();
    this.chain =
        dataset == Dataset.AUDIT ? Optional.of(Links.of(stream, spool.folder())) : Optional.empty();
    this.reports = reports;
    this.sealer =
        chain.map(
            links ->
                new Sealer(
                    threadName + "-seal", spool, links, controls::seal, supervision, reports));
    this.shipper = new Shipper(threadName, spool, stream, chain, transports, supervision, reports);
  }

  void start(StreamId otherLane) {
    control(controls.start(otherLane, spool.durability().meaning()));
    shipper.start();
  }

  /** Records what took time to find out, the stream's key among it, and begins to seal; once. */
  void ready(Map<String, Object> facts) {
    if (isReady) {
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>(facts);
    spool.predecessor().ifPresent(before -> all.put("predecessors", List.of(facts(before))));
    Optional<byte[]> key = sealer.flatMap(this::keyOf);
    key.ifPresent(raw -> all.put("seal_key", Base64.getEncoder().encodeToString(raw)));
    control(controls.ready(all));
    isReady = true;
    if (key.isPresent()) {
      sealer.orElseThrow().start();
    }
  }

  private Optional<byte[]> keyOf(Sealer of) {
    try {
      return Optional.of(of.makeKey());
    } catch (GeneralSecurityException e) {
      reports.accept("the stream is not sealed: " + e);
      return Optional.empty();
    }
  }

  private static Map<String, Object> facts(Predecessor before) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("stream", before.stream().toString());
    facts.put("last_sequence", before.lastSequence());
    facts.put("ended", before.stopped() ? "stop" : "unclean");
    return facts;
  }

  void heartbeat(Map<String, Object> facts) {
    Map<String, Object> all = counters();
    all.putAll(facts);
    long unused = spool.appendIfRoom(RecordKind.CONTROL, controls.heartbeat(all));
  }

  private void control(byte[] value) {
    long unused = spool.append(RecordKind.CONTROL, value);
  }

  Receipt append(byte[] value) {
    long sequence = spool.append(kind, value);
    return sequence == Spool.REFUSED
        ? refused("the spool is full or the agent is closed")
        : Receipt.accepted(dataset, spool.stream(), sequence, value, spool.durability());
  }

  boolean shedsLine(String level) {
    boolean sheds = LineShedding.sheds(level, spool.fill());
    if (sheds) {
      spool.refuse("log lines below ERROR are shed by level while their spool is filling");
    }
    return sheds;
  }

  /** For an event that could not be encoded; its number will be accounted for. */
  Receipt refuse(String reason) {
    spool.refuse(reason);
    return refused(reason);
  }

  private Receipt refused(String reason) {
    return Receipt.refused(dataset, spool.durability(), reason);
  }

  CompletableFuture<Receipt> acknowledgementOf(Receipt receipt) {
    return receipt
        .position()
        .map(
            position ->
                shipper
                    .acknowledgementOf(position.sequence())
                    .thenApply(done -> receipt.withDurability(Durability.REMOTE)))
        .orElseGet(
            () -> CompletableFuture.failedFuture(new IllegalStateException(receipt.toString())));
  }

  /** Completes once the record is on the disk; where there is none, once it is acknowledged. */
  CompletableFuture<Receipt> onDisk(Receipt receipt) {
    return spool.durability() == Durability.MEMORY || !receipt.isAccepted()
        ? acknowledgementOf(receipt)
        : spool.forced().thenApply(done -> receipt.withDurability(Durability.HOST));
  }

  StreamId stream() {
    return spool.stream();
  }

  Durability durability() {
    return spool.durability();
  }

  /** Records that the destination does not have yet. */
  long unacknowledged() {
    return spool.state().records();
  }

  SpoolState spool() {
    return spool.state();
  }

  DeliveryState delivery() {
    return shipper.state();
  }

  /** Ends the stream and begins to deliver what is left. */
  void stop(Duration drain) {
    sealer.ifPresent(Sealer::close);
    spool.appendLast(RecordKind.CONTROL, controls.stop(counters()));
    shipper.drain(drain);
  }

  /** Says that the process ends and begins to deliver what is left; recording goes on. */
  void announceStop(Duration drain) {
    sealer.ifPresent(Sealer::close);
    spool.appendEnd(RecordKind.CONTROL, controls.stop(counters()));
    shipper.drain(drain);
  }

  /** Waits for the delivery's end. */
  void close() {
    shipper.close();
    chain.ifPresent(Links::close);
  }

  private Map<String, Object> counters() {
    SpoolState spooled = spool.state();
    DeliveryState delivered = shipper.state();
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("last_sequence", spooled.nextSequence() - 1);
    counters.put("accepted", spooled.accepted());
    counters.put("refused", spooled.refused());
    counters.put("shipped", delivered.shipped());
    counters.put("acknowledged", delivered.acknowledged());
    counters.put("failures", delivered.failures());
    counters.put("spool_records", spooled.records());
    counters.put("spool_bytes", spooled.bytes());
    counters.put("oldest_unacknowledged_ms", spooled.oldestAge().toMillis());
    return counters;
  }
}
