package dev.bitacora.store.lucene;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.AuditStoreContract;
import dev.bitacora.store.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class LuceneStoreTest extends AuditStoreContract {
  @TempDir private Path temporary;
  private Path directory;
  private LuceneStore store;

  @Override
  protected AuditStore openEmpty() {
    return open(temporary.resolve("index"));
  }

  private AuditStore open(Path path) {
    directory = path;
    store = new LuceneStore(path, Retention.DEFAULT);
    store.start();
    return store;
  }

  @Override
  protected AuditStore reopen() {
    store.close();
    return open(directory);
  }

  /** Opens a copy of the files as they are while the store is open. */
  @Override
  protected AuditStore reopenAfterKill() throws IOException {
    Path image = CrashImage.of(directory, temporary);
    store.close();
    return open(image);
  }

  @Override
  protected int storedFieldCount() {
    try (Stream<Path> indices = Files.list(directory)) {
      Set<String> fields = new HashSet<>();
      for (Path index : indices.filter(Files::isDirectory).toList()) {
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(index))) {
          FieldInfos.getMergedFieldInfos(reader).forEach(field -> fields.add(field.name));
        }
      }
      return fields.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }
}
