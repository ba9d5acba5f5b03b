package dev.bitacora.core.event;

/**
 * What all events of one component have in common: its name, its host, its agent. A builder made
 * from it begins with these fields. What is the same in all events with the same fields is encoded
 * once. Immutable to its users and safe for any thread.
 */
public final class EventTemplate {
  /** A component records some dozens of kinds; where two meet, one is made again each time. */
  private static final int SHAPES = 256;

  private final Dataset dataset;
  private final Object[] values;

  /** A cache without a lock: a shape never changes, and one that another thread lost is remade. */
  private final EventShape[] shapes = new EventShape[SHAPES];

  /** Of values that nobody changes any more. */
  EventTemplate(Dataset dataset, Object[] values) {
    this.dataset = dataset;
    this.values = values;
  }

  /** A builder that begins with the template's fields. */
  public AuditEventBuilder builder() {
    return new AuditEventBuilder(this);
  }

  Dataset dataset() {
    return dataset;
  }

  /** By index of the field; not to be changed. */
  Object[] values() {
    return values;
  }

  /**
   * The shape of an event.
   *
   * @param set fields that it has set
   * @param unset fields of the template that it has not
   */
  EventShape shape(long set, long unset) {
    long mixed = (set + 31 * unset) * 0x9E3779B97F4A7C15L; // Knuth's multiplicative hashing
    int place = (int) (mixed >>> 56);
    EventShape shape = shapes[place];
    if (shape == null || !shape.isOf(set, unset)) {
      shape = new EventShape(values, set, unset);
      shapes[place] = shape;
    }
    return shape;
  }
}
