package dev.bitacora.collector;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes alarms into our own log and nowhere else. Safe for any thread. */
final class LoggedAlarms implements Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedAlarms.class);

  @Override
  public void fire(Alarm alarm) {
    LOG.error("{} {}: {}", alarm.severity(), alarm.name(), alarm.summary());
  }

  @Override
  public void fireFor(Alarm alarm, Duration time) {
    fire(alarm);
  }

  @Override
  public void resolve(String name, Map<String, String> labels) {
    LOG.info("{} is over: {}", name, labels);
  }
}
