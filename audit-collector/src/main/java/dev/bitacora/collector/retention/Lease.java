package dev.bitacora.collector.retention;

import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who may delete now: one collector at a time. Whoever dies with it is succeeded when it has
 * expired. Should two have it all the same, because their clocks differ, they do the same work and
 * record the same events, which are kept once. Not thread-safe.
 */
final class Lease {
  static final Duration TIME = Duration.ofMinutes(10);
  private static final String KEY = "lease";

  private final StateStore state;
  private final Clock clock;
  private final String holder;

  /**
   * @param holder unlike every other collector's
   */
  Lease(StateStore state, Clock clock, String holder) {
    this.state = state;
    this.clock = clock;
    this.holder = holder;
  }

  /** Takes it, or takes it for longer; false while it is another's. */
  boolean acquire() {
    Optional<Entry> entry = state.get(Kind.RETENTION, KEY);
    Instant now = clock.instant();
    if (entry.isPresent() && !isOurs(entry.get()) && isInForce(entry.get(), now)) {
      return false;
    }
    String value = StateValue.empty().with("holder", holder).with("until", now.plus(TIME)).json();
    long version = entry.map(Entry::version).orElse(StateStore.ABSENT);
    return state.put(Kind.RETENTION, KEY, value, version);
  }

  /** Gives it back, if we have it. */
  void release() {
    state
        .get(Kind.RETENTION, KEY)
        .filter(this::isOurs)
        .ifPresent(entry -> state.remove(Kind.RETENTION, KEY, entry.version()));
  }

  private boolean isOurs(Entry entry) {
    return StateValue.read(entry).text("holder").equals(holder);
  }

  private static boolean isInForce(Entry entry, Instant now) {
    return now.isBefore(StateValue.read(entry).time("until"));
  }
}
