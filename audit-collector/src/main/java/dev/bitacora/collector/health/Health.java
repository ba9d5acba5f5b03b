package dev.bitacora.collector.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Asks every part how it stands. <b>Live</b> means that our own threads run, and never depends on a
 * server; <b>ready</b> that events come in and become durable. Safe for any thread.
 */
public final class Health {
  private final Map<String, Supplier<Condition>> live = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Condition>> ready = new ConcurrentSkipListMap<>();

  /** Adds a part that must run for the process to be of use at all. */
  public void live(String part, Supplier<Condition> check) {
    live.put(part, check);
  }

  /** Adds a part that must work for events to become durable. */
  public void ready(String part, Supplier<Condition> check) {
    ready.put(part, check);
  }

  public Map<String, Condition> live() {
    return ask(live);
  }

  public Map<String, Condition> ready() {
    return ask(ready);
  }

  /** True when every part is up. */
  public static boolean isUp(Map<String, Condition> conditions) {
    return conditions.values().stream().allMatch(Condition::up);
  }

  private static Map<String, Condition> ask(Map<String, Supplier<Condition>> parts) {
    Map<String, Condition> conditions = new LinkedHashMap<>();
    parts.forEach((part, check) -> conditions.put(part, ask(check)));
    return conditions;
  }

  private static Condition ask(Supplier<Condition> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      return Condition.down("the check itself failed: " + e);
    }
  }
}
