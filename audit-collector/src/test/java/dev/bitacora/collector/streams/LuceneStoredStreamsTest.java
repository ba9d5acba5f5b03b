package dev.bitacora.collector.streams;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class LuceneStoredStreamsTest extends StoredStreamsContract {
  @TempDir Path data;

  private LuceneStore store;

  @BeforeEach
  void open() {
    store = new LuceneStore(data, Retention.DEFAULT);
    store.start();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  AuditStore store() {
    return store;
  }
}
