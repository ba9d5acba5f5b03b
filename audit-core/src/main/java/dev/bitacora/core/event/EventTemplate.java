package dev.bitacora.core.event;

/**
 * What all events of one component have in common, encoded once: its name, its host, its agent. A
 * builder made from it begins with these fields; where it leaves an object at the top of the event
 * as it was, the object's bytes are copied. Immutable and safe for any thread.
 */
public final class EventTemplate {
  private final Dataset dataset;
  private final Object[] values;
  private final byte[][] members;

  /** Of values that nobody changes any more. */
  EventTemplate(Dataset dataset, Object[] values) {
    this.dataset = dataset;
    this.values = values;
    this.members = EventLayout.encodeMembers(values);
  }

  /** A builder that begins with the template's fields. */
  public AuditEventBuilder builder() {
    return new AuditEventBuilder(this);
  }

  Dataset dataset() {
    return dataset;
  }

  /** Not to be changed. */
  Object[] values() {
    return values;
  }

  /** The bytes of one of the event's members, key included; null when it has none of its fields. */
  byte[] encoded(int member) {
    return members[member];
  }
}
