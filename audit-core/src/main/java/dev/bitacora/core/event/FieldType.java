package dev.bitacora.core.event;

/** How a field is compared; the names are Elasticsearch's. */
public enum FieldType {
  /**
   * Exact text, compared by code point; values above {@link EventSchema#IGNORE_ABOVE} characters
   * are kept, not indexed.
   */
  KEYWORD("keyword"),
  /** Words of a standard analyzer (Unicode text segmentation, lower case). */
  TEXT("text"),
  /** RFC 3339, to the nanosecond. */
  DATE("date_nanos"),
  LONG("long"),
  /** An IPv4 or IPv6 address; a query may name a network, {@code 10.0.0.0/8}. */
  IP("ip"),
  /**
   * An object whose leaves are keywords, addressed as {@code labels.<key>}; any number of keys is
   * one field.
   */
  FLATTENED("flattened"),
  /** Kept in the event and not searchable. */
  STORED("object");

  private final String mapping;

  FieldType(String mapping) {
    this.mapping = mapping;
  }

  /** The type's name in an Elasticsearch mapping. */
  public String mapping() {
    return mapping;
  }
}
