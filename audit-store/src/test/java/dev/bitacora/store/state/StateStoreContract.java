package dev.bitacora.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link StateStore} does. */
public abstract class StateStoreContract {
  private StateStore store;

  /** An empty store; called before each test. */
  protected abstract StateStore openEmpty() throws Exception;

  /** A store on the data of the one opened before, which is closed first. */
  protected abstract StateStore reopen() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = openEmpty();
  }

  @Test
  void get_ofNothing_isEmpty() {
    assertThat(store.get(Kind.USER, "alice")).isEmpty();
    assertThat(store.list(Kind.USER)).isEmpty();
  }

  @Test
  void put_ofNewValue_isRead() {
    assertThat(store.put(Kind.USER, "alice", "{\"a\":1}", StateStore.ABSENT)).isTrue();
    Entry entry = store.get(Kind.USER, "alice").orElseThrow();
    assertThat(entry.key()).isEqualTo("alice");
    assertThat(entry.value()).isEqualTo("{\"a\":1}");
    assertThat(entry.version()).isGreaterThan(StateStore.ABSENT);
    assertThat(store.get(Kind.TOKEN, "alice")).isEmpty();
  }

  @Test
  void put_whereAValueIs_needsItsVersion() {
    store.put(Kind.USER, "alice", "1", StateStore.ABSENT);
    long version = version("alice");
    assertThat(store.put(Kind.USER, "alice", "2", StateStore.ABSENT)).isFalse();
    assertThat(store.put(Kind.USER, "alice", "2", version)).isTrue();
    assertThat(version("alice")).isGreaterThan(version);
    assertThat(store.put(Kind.USER, "alice", "3", version)).isFalse();
    assertThat(store.get(Kind.USER, "alice").orElseThrow().value()).isEqualTo("2");
  }

  @Test
  void put_withAVersion_whereNothingIs_isRefused() {
    assertThat(store.put(Kind.USER, "alice", "1", 7)).isFalse();
    assertThat(store.get(Kind.USER, "alice")).isEmpty();
  }

  @Test
  void remove_needsTheVersion() {
    store.put(Kind.USER, "alice", "1", StateStore.ABSENT);
    long version = version("alice");
    assertThat(store.remove(Kind.USER, "alice", version + 1)).isFalse();
    assertThat(store.remove(Kind.USER, "alice", version)).isTrue();
    assertThat(store.remove(Kind.USER, "alice", version)).isFalse();
    assertThat(store.remove(Kind.USER, "alice", StateStore.ABSENT)).isFalse();
    assertThat(store.get(Kind.USER, "alice")).isEmpty();
    assertThat(store.list(Kind.USER)).isEmpty();
  }

  @Test
  void put_afterRemove_isNotTakenForTheOldValue() {
    store.put(Kind.USER, "alice", "1", StateStore.ABSENT);
    long old = version("alice");
    store.remove(Kind.USER, "alice", old);
    assertThat(store.put(Kind.USER, "alice", "2", StateStore.ABSENT)).isTrue();
    assertThat(store.put(Kind.USER, "alice", "3", old)).isFalse();
  }

  @Test
  void list_isSortedByKey() {
    for (String key : List.of("m", "a", "z")) {
      store.put(Kind.TOKEN, key, "\"" + key + "\"", StateStore.ABSENT);
    }
    store.put(Kind.SESSION, "b", "{}", StateStore.ABSENT);
    assertThat(store.list(Kind.TOKEN)).extracting(Entry::key).containsExactly("a", "m", "z");
    assertThat(store.list(Kind.TOKEN))
        .extracting(Entry::value)
        .containsExactly("\"a\"", "\"m\"", "\"z\"");
  }

  @Test
  void keys_mayHoldAnyCharacter() throws Exception {
    List<String> keys =
        List.of("../../etc/passwd", "A", "a", "ñandú \"x\"\n", "日本/語", ".", "%2e", "k".repeat(300));
    for (String key : keys) {
      assertThat(store.put(Kind.USER, key, "{}", StateStore.ABSENT)).as(key).isTrue();
    }
    store = reopen();
    assertThat(store.list(Kind.USER))
        .extracting(Entry::key)
        .containsExactlyInAnyOrderElementsOf(keys);
    for (String key : keys) {
      assertThat(store.get(Kind.USER, key)).as(key).isPresent();
    }
  }

  @Test
  void reopen_findsValuesAndVersions() throws Exception {
    store.put(Kind.USER, "alice", "{\"name\":\"Alicia ✓\"}", StateStore.ABSENT);
    store.put(Kind.USER, "bob", "1", StateStore.ABSENT);
    store.put(Kind.USER, "bob", "2", version("bob"));
    store.put(Kind.USER, "gone", "1", StateStore.ABSENT);
    store.remove(Kind.USER, "gone", version("gone"));
    List<Entry> before = store.list(Kind.USER);
    store = reopen();
    assertThat(store.list(Kind.USER)).isEqualTo(before).hasSize(2);
    assertThat(store.put(Kind.USER, "bob", "3", version("bob"))).isTrue();
  }

  @Test
  void put_byManyAtOnce_letsExactlyOneWinEachVersion() throws Exception {
    store.put(Kind.USER, "counter", "0", StateStore.ABSENT);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> wins = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        wins.add(threads.submit(tries(25)));
      }
      int won = 0;
      for (Future<Integer> win : wins) {
        won += win.get();
      }
      assertThat(store.get(Kind.USER, "counter").orElseThrow().value())
          .isEqualTo(Integer.toString(won));
    } finally {
      threads.shutdownNow();
    }
  }

  private Callable<Integer> tries(int times) {
    return () -> {
      int won = 0;
      for (int i = 0; i < times; i++) {
        Entry seen = store.get(Kind.USER, "counter").orElseThrow();
        String next = Integer.toString(Integer.parseInt(seen.value()) + 1);
        won += store.put(Kind.USER, "counter", next, seen.version()) ? 1 : 0;
      }
      return won;
    };
  }

  private long version(String key) {
    return store.get(Kind.USER, key).orElseThrow().version();
  }
}
