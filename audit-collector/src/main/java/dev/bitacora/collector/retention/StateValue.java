package dev.bitacora.collector.retention;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore.Entry;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON of a stored value, read and written by name. What is damaged is a {@link StoreException}
 * that names its key. Not thread-safe.
 */
final class StateValue {
  private final String key;
  private final Map<String, Object> values;

  private StateValue(String key, Map<String, Object> values) {
    this.key = key;
    this.values = values;
  }

  static StateValue empty() {
    return new StateValue("", new LinkedHashMap<>());
  }

  static StateValue read(Entry entry) {
    try {
      return new StateValue(
          entry.key(),
          new LinkedHashMap<>(JsonTree.readObject(entry.value().getBytes(StandardCharsets.UTF_8))));
    } catch (MalformedJsonException e) {
      throw new StoreException(
          "retention: the state's entry " + entry.key() + " is damaged: " + e.getMessage(), e);
    }
  }

  StateValue with(String name, Object value) {
    values.put(name, value instanceof Instant time ? time.toString() : value);
    return this;
  }

  String text(String name) {
    return optional(name).orElseThrow(() -> damaged(name));
  }

  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name)).map(Object::toString);
  }

  Instant time(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException e) {
      throw damaged(name);
    }
  }

  long number(String name) {
    if (values.get(name) instanceof Long number) {
      return number;
    }
    throw damaged(name);
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  private StoreException damaged(String name) {
    return new StoreException(
        "retention: the state's entry " + key + " has no good \"" + name + "\"");
  }

  String json() {
    return new String(JsonWriter.toBytes(values), StandardCharsets.UTF_8);
  }
}
