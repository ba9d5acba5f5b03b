package dev.bitacora.core.event;

import java.util.List;

/**
 * A field of the event or of the document around it.
 *
 * @param name dotted, {@code audit.target.id}
 * @param path the names on the way from the document's root, {@code [audit, target, id]}
 * @param envelope true when the collector adds it around the event's bytes; an event that brings
 *     one is refused
 * @param index its place in the order of the event's bytes; −1 for the collector's
 */
public record Field(String name, List<String> path, FieldType type, boolean envelope, int index) {
  Field(String name, FieldType type, boolean envelope, int index) {
    this(name, List.of(name.split("\\.")), type, envelope, index);
  }
}
