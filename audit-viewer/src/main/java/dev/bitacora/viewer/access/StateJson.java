package dev.bitacora.viewer.access;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.query.QuerySyntaxException;
import dev.bitacora.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The JSON of one stored value, read and written by name. */
final class StateJson {
  private final Map<String, Object> values;

  private StateJson(Map<String, Object> values) {
    this.values = values;
  }

  static StateJson empty() {
    return new StateJson(new LinkedHashMap<>());
  }

  static StateJson read(String json) {
    try {
      return new StateJson(
          new LinkedHashMap<>(JsonTree.readObject(json.getBytes(StandardCharsets.UTF_8))));
    } catch (MalformedJsonException e) {
      throw new StoreException("access: a stored value is damaged: " + e.getMessage(), e);
    }
  }

  StateJson with(String name, Object value) {
    values.put(name, value instanceof Instant time ? time.toString() : value);
    return this;
  }

  StateJson with(String name, Optional<?> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  StateJson with(String name, Set<Role> roles) {
    return with(name, (Object) roles.stream().map(Role::text).sorted().toList());
  }

  String text(String name) {
    return optional(name)
        .orElseThrow(() -> new StoreException("access: a stored value lacks \"" + name + "\""));
  }

  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name)).map(Object::toString);
  }

  Instant time(String name) {
    return Instant.parse(text(name));
  }

  Set<Role> roles(String name) {
    Set<Role> roles = new LinkedHashSet<>();
    if (values.get(name) instanceof List<?> texts) {
      texts.forEach(text -> Role.of(text.toString()).ifPresent(roles::add));
    }
    return roles;
  }

  Query scope() {
    try {
      return Query.parse(optional("scope").orElse(""));
    } catch (QuerySyntaxException e) {
      // A scope that cannot be read must never become "everything".
      throw new StoreException("access: a stored scope is no query: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return JsonWriter.toText(values);
  }
}
