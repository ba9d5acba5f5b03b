package dev.bitacora.agent.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * The marker that makes a log line an audit event:
 *
 * <pre>{@code
 * log.atInfo().addMarker(AuditMarker.AUDIT)
 *    .addKeyValue("action", "invoice.approve").addKeyValue("actor", "u42")
 *    .addKeyValue("target.type", "invoice").addKeyValue("target.id", "I-981")
 *    .addKeyValue("outcome", "success").log();
 * }</pre>
 */
public final class AuditMarker {
  public static final Marker AUDIT = MarkerFactory.getMarker("AUDIT");

  private AuditMarker() {}

  static boolean isOn(ILoggingEvent event) {
    List<Marker> markers = event.getMarkerList();
    return markers != null && markers.stream().anyMatch(marker -> marker.contains(AUDIT.getName()));
  }
}
