package dev.bitacora.collector.kafka;

import dev.bitacora.collector.intake.Lane;
import java.util.List;

/** The topics' names. */
public final class Topics {
  public static final String AUDIT = Lane.AUDIT.topic();
  public static final String LOG = Lane.LOG.topic();
  public static final String DEAD_LETTERS = "bitacora.dlq";

  /** Those that are indexed. */
  static final List<String> INDEXED = List.of(AUDIT, LOG);

  private Topics() {}
}
