package dev.bitacora.agent;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventTemplate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What every record of this agent says about its component. Immutable. */
final class Envelope {
  private final String component;
  private final String environment;
  private final Optional<String> version;
  private final String host;
  private final String node;
  private final String agentId;
  private final String agentVersion;
  private final long pid = ProcessHandle.current().pid();
  private final Map<Dataset, EventTemplate> templates = new EnumMap<>(Dataset.class);

  Envelope(AuditConfig config, String agentId) {
    component = config.component();
    environment = config.environment();
    version = config.version();
    host = hostName();
    node = config.nodeName().orElse(host);
    this.agentId = agentId;
    agentVersion =
        Optional.ofNullable(Envelope.class.getPackage().getImplementationVersion())
            .orElse("development");
    for (Dataset dataset : Dataset.values()) {
      templates.put(dataset, template(dataset));
    }
  }

  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    if (name != null && !name.isBlank()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  AuditEventBuilder builder(Dataset dataset) {
    return templates.get(dataset).builder();
  }

  private EventTemplate template(Dataset dataset) {
    AuditEventBuilder builder =
        AuditEvent.builder(dataset)
            .set("service.name", component)
            .set("service.environment", environment)
            .set("service.node.name", node)
            .set("host.name", host)
            .set("process.pid", pid)
            .set("agent.id", agentId)
            .set("agent.version", agentVersion);
    version.ifPresent(v -> builder.set("service.version", v));
    return builder.template();
  }

  String component() {
    return component;
  }

  String environment() {
    return environment;
  }

  /** For people: {@code api/prd}. */
  String name() {
    return component + "/" + environment;
  }
}
