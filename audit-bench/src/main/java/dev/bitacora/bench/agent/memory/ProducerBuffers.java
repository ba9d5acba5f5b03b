package dev.bitacora.bench.agent.memory;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.spool.Inside;
import java.util.List;
import java.util.Optional;

/**
 * The memory that {@code buffer.memory} of Kafka's producers limits, as far as it is allocated:
 * their metrics count what is allocated and free as if it were not there.
 */
final class ProducerBuffers {
  private ProducerBuffers() {}

  /** Of both lanes of an open agent, in bytes. */
  static long of(AuditLog audit) {
    Object lanes = ((Optional<?>) Inside.of(audit, "lanes")).orElseThrow();
    return List.of("audit", "log").stream()
        .map(lane -> Inside.of(Inside.of(Inside.of(lanes, lane), "shipper"), "transport"))
        .mapToLong(transport -> transport == null ? 0 : ofTransport(transport))
        .sum();
  }

  private static long ofTransport(Object kafkaTransport) {
    Object producer = Inside.of(kafkaTransport, "producer");
    Object pool = Inside.of(Inside.of(producer, "accumulator"), "free");
    return (long) Inside.of(pool, "totalMemory")
        - (long) Inside.of(pool, "nonPooledAvailableMemory");
  }
}
