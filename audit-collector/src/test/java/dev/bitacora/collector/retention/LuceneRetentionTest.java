package dev.bitacora.collector.retention;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import dev.bitacora.store.state.StateStore;
import org.junit.jupiter.api.AfterEach;

/** Embedded: Lucene and files. */
final class LuceneRetentionTest extends RetentionContract {
  private LuceneStore store;

  @Override
  protected AuditStore openStore() {
    store = new LuceneStore(folder.resolve("index"), Retention.DEFAULT);
    store.start();
    return store;
  }

  @Override
  protected StateStore openState() {
    FileStateStore state = new FileStateStore(folder.resolve("state"));
    state.start();
    return state;
  }

  /** What was written is found at once. */
  @Override
  protected void refresh() {}

  @AfterEach
  void close() {
    store.close();
  }
}
