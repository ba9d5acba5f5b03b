package dev.bitacora.bench;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.testkit.ElasticsearchNode;
import dev.bitacora.testkit.ElasticsearchOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A store that takes part, empty and started; closing it removes what it wrote.
 *
 * @param cleanUp what comes after the store's close
 */
record Contender(String name, AuditStore store, Runnable cleanUp) implements AutoCloseable {
  private static final int NODE_HEAP_MB = 1024;

  static Contender lucene() {
    Path directory = temporaryDirectory();
    LuceneStore store = new LuceneStore(directory, Retention.DEFAULT);
    store.start();
    return new Contender("lucene", store, () -> remove(directory));
  }

  /** A node of its own, on this machine. */
  static Contender elasticsearch() {
    ElasticsearchNode node =
        ElasticsearchNode.start(ElasticsearchOptions.plain().withHeapMegabytes(NODE_HEAP_MB));
    ElasticsearchConfig config = ElasticsearchConfig.of(node.url());
    new ElasticsearchSetup(config).run();
    ElasticsearchStore store = new ElasticsearchStore(config, Retention.DEFAULT);
    store.start();
    return new Contender("elasticsearch", store, node::close);
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("bitacora-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      store.close();
    } finally {
      cleanUp.run();
    }
  }
}
