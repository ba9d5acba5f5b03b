package dev.bitacora.agent.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.spi.ContextAware;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.logstash.logback.argument.StructuredArgument;
import net.logstash.logback.composite.JsonProviders;
import net.logstash.logback.composite.loggingevent.ArgumentsJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggingEventCompositeJsonFormatter;
import net.logstash.logback.composite.loggingevent.LogstashMarkersJsonProvider;
import org.slf4j.Marker;

/**
 * Structured arguments and markers of logstash-logback-encoder, written by its own providers, so
 * that a component that already uses them changes nothing. Lines without any cost nothing. Safe for
 * any thread.
 */
final class StructuredFields {
  private final ContextAware owner;
  private final LoggingEventCompositeJsonFormatter formatter;

  StructuredFields(ContextAware owner) {
    this.owner = owner;
    JsonProviders<ILoggingEvent> providers = new JsonProviders<>();
    providers.addProvider(new ArgumentsJsonProvider());
    providers.addProvider(new LogstashMarkersJsonProvider());
    formatter = new LoggingEventCompositeJsonFormatter(owner);
    formatter.setContext(owner.getContext());
    formatter.setProviders(providers);
    formatter.start();
  }

  Map<String, Object> of(ILoggingEvent event) {
    if (!hasAny(event)) {
      return Map.of();
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      formatter.writeEvent(event, json);
      return JsonTree.readObject(json.toByteArray());
    } catch (IOException | MalformedJsonException | RuntimeException e) {
      owner.addError("structured arguments of a line were left out", e);
      return Map.of();
    }
  }

  private static boolean hasAny(ILoggingEvent event) {
    return hasArgument(event.getArgumentArray()) || hasMarker(event.getMarkerList());
  }

  // Loops, because a stream costs as much as half of the rest of a line.

  private static boolean hasArgument(Object[] arguments) {
    if (arguments != null) {
      for (Object argument : arguments) {
        if (argument instanceof StructuredArgument) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean hasMarker(List<Marker> markers) {
    if (markers != null) {
      for (Marker marker : markers) {
        if (LogstashMarkersJsonProvider.isLogstashMarker(marker)) {
          return true;
        }
      }
    }
    return false;
  }
}
