package dev.bitacora.agent;

import dev.bitacora.agent.spool.GapRecords;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.Outcome;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** Writes the agent's own records about one lane. Immutable. */
final class ControlRecords implements GapRecords {
  private final Envelope envelope;
  private final String lane;
  private final StreamId stream;

  ControlRecords(Envelope envelope, String lane, StreamId stream) {
    this.envelope = envelope;
    this.lane = lane;
    this.stream = stream;
  }

  /** What is known at once; the two lanes name each other. */
  byte[] start(StreamId otherLane, String durability) {
    return bytes(
        record(Actions.AGENT_START, "agent of " + envelope.name() + " started, " + lane + " lane")
            .detail("stream", stream.toString())
            .detail("other_stream", otherLane.toString())
            .detail("durability", durability)
            .detail("java", System.getProperty("java.runtime.version"))
            .detail("os", System.getProperty("os.name") + " " + System.getProperty("os.version")));
  }

  /** What takes time to find out. */
  byte[] ready(Map<String, Object> facts) {
    return bytes(
        details(record(Actions.AGENT_READY, "agent of " + envelope.name() + " ready"), facts));
  }

  /** A signature over the chain. */
  byte[] seal(long upTo, ChainLink link, byte[] signature) {
    return bytes(
        record(Actions.AGENT_SEAL, "agent of " + envelope.name() + " sealed records to " + upTo)
            .detail("up_to", upTo)
            .detail("link", link.toString())
            .detail("signature", Base64.getEncoder().encodeToString(signature)));
  }

  byte[] heartbeat(Map<String, Object> facts) {
    return bytes(
        details(
            record(Actions.AGENT_HEARTBEAT, "agent of " + envelope.name() + " is alive"), facts));
  }

  @Override
  public byte[] dropped(
      StreamId of, long first, long last, Instant firstTime, Instant lastTime, String reason) {
    long count = last - first + 1;
    return bytes(
        record(Actions.AGENT_DROPPED, count + " records of " + envelope.name() + " were refused")
            .outcome(Outcome.FAILURE)
            .set("event.reason", reason)
            .detail("first", first)
            .detail("last", last)
            .detail("count", count)
            .detail("first_time", EventTime.format(firstTime))
            .detail("last_time", EventTime.format(lastTime)));
  }

  @Override
  public byte[] lost(StreamId of, long first, long last) {
    long count = last - first + 1;
    return bytes(
        record(Actions.AGENT_LOST, count + " numbers of " + envelope.name() + " hold no record")
            .outcome(Outcome.FAILURE)
            .set(
                "event.reason",
                "claimed by threads that ended before they had written them, or damaged on the disk")
            .detail("first", first)
            .detail("last", last)
            .detail("count", count));
  }

  byte[] stop(Map<String, Object> facts) {
    return bytes(
        details(record(Actions.AGENT_STOP, "agent of " + envelope.name() + " stopped"), facts));
  }

  private AuditEventBuilder record(String action, String message) {
    return envelope
        .builder(Dataset.CONTROL)
        .action(action)
        .message(message)
        .outcome(Outcome.SUCCESS)
        .eventClass(EventClass.MANDATORY)
        .set("user.id", "system")
        .set("audit.actor.type", "system")
        .detail("lane", lane);
  }

  private static AuditEventBuilder details(AuditEventBuilder builder, Map<String, Object> facts) {
    facts.forEach(builder::detail);
    return builder;
  }

  private static byte[] bytes(AuditEventBuilder builder) {
    return builder.build().bytes();
  }
}
