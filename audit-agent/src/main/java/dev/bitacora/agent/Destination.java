package dev.bitacora.agent;

import dev.bitacora.agent.http.HttpTransports;
import dev.bitacora.agent.kafka.KafkaTransports;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.event.Dataset;
import java.util.function.Function;

/**
 * Where each lane's records go: to Kafka by a producer a lane; anywhere else the lanes share the
 * way.
 */
final class Destination {
  private Destination() {}

  static Function<Dataset, TransportFactory> of(AuditConfig config) {
    if (config.transport().isEmpty() && config.usesKafka()) {
      return lane -> kafka(config, lane);
    }
    TransportFactory shared =
        config
            .transport()
            .orElseGet(
                () ->
                    new HttpTransports(
                        config.url().orElseThrow(), config.token(), config.caFile()));
    return lane -> shared;
  }

  private static TransportFactory kafka(AuditConfig config, Dataset lane) {
    String clientId =
        AgentThreads.PREFIX + config.component() + "-" + config.environment() + "-" + lane.text();
    return new KafkaTransports(config.kafka(), "bitacora." + lane.text(), clientId);
  }
}
