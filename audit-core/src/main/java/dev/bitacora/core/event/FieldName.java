package dev.bitacora.core.event;

/**
 * A field as a query names it.
 *
 * @param key the key inside a flattened field, {@code region} of {@code labels.region}; empty for
 *     the field itself
 */
public record FieldName(Field field, String key) {
  /** The searchable field of this name. */
  public static FieldName of(String name) {
    return EventSchema.searchable(name)
        .orElseThrow(
            () -> new IllegalArgumentException("no searchable field is called \"" + name + "\""));
  }

  /** The full dotted name, {@code labels.region}. */
  public String text() {
    return key.isEmpty() ? field.name() : field.name() + "." + key;
  }

  public FieldType type() {
    return field.type();
  }

  /** True for {@code labels.region}: a single value inside a flattened object. */
  public boolean isKeyed() {
    return !key.isEmpty();
  }
}
