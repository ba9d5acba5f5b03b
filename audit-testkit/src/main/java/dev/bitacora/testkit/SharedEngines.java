package dev.bitacora.testkit;

import java.util.function.Supplier;

/**
 * One broker and one node for all tests of a JVM, started when first asked for and gone with the
 * JVM. A test that shares them names its own topics and indices, and leaves them running.
 */
public final class SharedEngines {
  private static final Lazy<KafkaBroker> KAFKA = new Lazy<>(KafkaBroker::start);
  private static final Lazy<KafkaBroker> GUARDED_KAFKA = new Lazy<>(KafkaBroker::startGuarded);
  private static final Lazy<ElasticsearchNode> ELASTICSEARCH = new Lazy<>(ElasticsearchNode::start);

  private SharedEngines() {}

  public static KafkaBroker kafka() {
    return KAFKA.get();
  }

  /** The broker with further doors. */
  public static KafkaBroker guardedKafka() {
    return GUARDED_KAFKA.get();
  }

  public static ElasticsearchNode elasticsearch() {
    return ELASTICSEARCH.get();
  }

  /** A failed start is not repeated for every test: it takes minutes to fail. */
  private static final class Lazy<T> {
    private final Supplier<T> start;
    private T started;
    private RuntimeException failure;

    Lazy(Supplier<T> start) {
      this.start = start;
    }

    synchronized T get() {
      if (failure != null) {
        throw new IllegalStateException("the shared server could not be started before", failure);
      }
      try {
        started = started == null ? start.get() : started;
        return started;
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
  }
}
