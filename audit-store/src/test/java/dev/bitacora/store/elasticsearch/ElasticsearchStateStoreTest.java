package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Kind;
import dev.bitacora.store.state.StateStoreContract;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole contract, on a real node. */
class ElasticsearchStateStoreTest extends StateStoreContract {
  private ElasticsearchStateStore store;

  @Override
  protected StateStore openEmpty() {
    TestCluster.request("DELETE", "/bitacora-state", null);
    return start();
  }

  @Override
  protected StateStore reopen() {
    store.close();
    return start();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private StateStore start() {
    store = new ElasticsearchStateStore(TestCluster.config());
    store.start();
    return store;
  }

  @Test
  void whatOneProcessWrote_anotherSeesAtOnce() {
    try (ElasticsearchStateStore other = new ElasticsearchStateStore(TestCluster.config())) {
      other.start();
      store.put(Kind.SESSION, "s1", "{}", StateStore.ABSENT);
      assertThat(other.list(Kind.SESSION)).hasSize(1);
      assertThat(other.get(Kind.SESSION, "s1")).isEqualTo(store.get(Kind.SESSION, "s1"));
    }
  }

  @Test
  void moreValuesThanAPage_areAllListed() {
    for (int i = 0; i < 205; i++) {
      store.put(Kind.TOKEN, "t" + i, "{}", StateStore.ABSENT);
    }
    assertThat(store.list(Kind.TOKEN)).hasSize(205);
  }

  @Test
  void aServerThatIsAway_isAnErrorThatSaysWhatToDo() {
    try (ElasticsearchStateStore away =
        new ElasticsearchStateStore(ElasticsearchConfig.of(URI.create("http://127.0.0.1:1")))) {
      away.start();
      assertThatThrownBy(() -> away.get(Kind.USER, "alice"))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "reading the service's state: Elasticsearch at http://127.0.0.1:1 cannot be reached;"
                  + " start it, or correct the URL");
    }
  }
}
