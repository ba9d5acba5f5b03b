package dev.bitacora.collector.retention;

import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What retention remembers, shared by all collectors.
 *
 * <pre>
 * lease                who may delete now ({@link Lease})
 * deletion/&lt;part&gt;      a deletion that has begun
 * kept/&lt;part&gt;/&lt;hold&gt;   something expired that a hold keeps
 * succeeded            when a round last ended well
 * </pre>
 *
 * Safe for any thread; throws {@code StoreException} when the state cannot be reached.
 */
final class RetentionState {
  private static final String DELETION = "deletion/";
  private static final String KEPT = "kept/";
  private static final String SUCCEEDED = "succeeded";

  private final StateStore state;

  RetentionState(StateStore state) {
    this.state = state;
  }

  List<Deletion> deletions() {
    return entries(DELETION).stream().map(RetentionState::deletion).toList();
  }

  Optional<Deletion> deletion(String part) {
    return state.get(Kind.RETENTION, DELETION + part).map(RetentionState::deletion);
  }

  private static Deletion deletion(Entry entry) {
    return Deletion.read(entry.key().substring(DELETION.length()), StateValue.read(entry));
  }

  void save(Deletion deletion) {
    put(DELETION + deletion.part(), deletion.json());
  }

  void remove(Deletion deletion) {
    remove(DELETION + deletion.part());
  }

  List<Kept> kept() {
    return entries(KEPT).stream().map(entry -> Kept.read(StateValue.read(entry))).toList();
  }

  void save(Kept kept) {
    put(keyOf(kept), kept.json());
  }

  void remove(Kept kept) {
    remove(keyOf(kept));
  }

  private static String keyOf(Kept kept) {
    return KEPT + kept.part() + "/" + kept.hold();
  }

  Optional<Instant> succeeded() {
    return state.get(Kind.RETENTION, SUCCEEDED).map(entry -> StateValue.read(entry).time("at"));
  }

  void saveSuccess(Instant at) {
    put(SUCCEEDED, StateValue.empty().with("at", at).json());
  }

  private List<Entry> entries(String prefix) {
    return state.list(Kind.RETENTION).stream()
        .filter(entry -> entry.key().startsWith(prefix))
        .toList();
  }

  /** Only who has the lease writes, so the last one wins. */
  private void put(String key, String value) {
    boolean written;
    do {
      long version = state.get(Kind.RETENTION, key).map(Entry::version).orElse(StateStore.ABSENT);
      written = state.put(Kind.RETENTION, key, value, version);
    } while (!written);
  }

  private void remove(String key) {
    state
        .get(Kind.RETENTION, key)
        .ifPresent(entry -> state.remove(Kind.RETENTION, key, entry.version()));
  }
}
