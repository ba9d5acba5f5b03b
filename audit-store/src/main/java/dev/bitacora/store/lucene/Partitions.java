package dev.bitacora.store.lucene;

import dev.bitacora.store.Placement;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.TimeRange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;

/**
 * All indices of a store, by name, in a directory that this process has locked. Safe for any
 * thread.
 */
final class Partitions implements Closeable {
  private static final String DELETED = ".deleted";

  private final Path root;
  private final FSDirectory lockDirectory;
  private final Lock lock;
  private final ConcurrentSkipListMap<String, Partition> byName = new ConcurrentSkipListMap<>();

  private Partitions(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root);
    lockDirectory = FSDirectory.open(root);
    try {
      lock = lockDirectory.obtainLock("lock");
    } catch (LockObtainFailedException e) {
      lockDirectory.close();
      throw new StoreException.InUse(
          "store: "
              + root
              + " is in use by another process; stop it, or give this one another data directory",
          e);
    }
  }

  /**
   * Opens what is there.
   *
   * @throws StoreException when another process holds the directory, or an index in it is damaged
   *     or of a newer version
   */
  static Partitions open(Path root) throws IOException {
    Partitions partitions = new Partitions(root);
    try {
      partitions.openAll();
      return partitions;
    } catch (IOException | StoreException e) {
      partitions.close();
      throw e;
    }
  }

  private void openAll() throws IOException {
    for (Path path : directories()) {
      String name = path.getFileName().toString();
      if (name.endsWith(DELETED)) {
        IOUtils.rm(path);
      } else if (isIndex(name) && !Partition.isUnfinished(path)) {
        byName.put(name, Partition.open(path));
      }
    }
    of(Placement.UNPLACED);
  }

  private List<Path> directories() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(root, Files::isDirectory)) {
      paths.forEach(found::add);
    }
    return found;
  }

  private static boolean isIndex(String name) {
    return name.equals(Placement.UNPLACED) || Partition.periodOf(name).isPresent();
  }

  /** The index of this name, made when it is not there. */
  Partition of(String name) throws IOException {
    Partition there = byName.get(name);
    return there == null ? create(name) : there;
  }

  private synchronized Partition create(String name) throws IOException {
    Partition there = byName.get(name);
    if (there == null) {
      there = Partition.create(root.resolve(name));
      byName.put(name, there);
    }
    return there;
  }

  Collection<Partition> all() {
    return byName.values();
  }

  /** The index of this name, if there is one. */
  Optional<Partition> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Everything durable that may be in the range, as one; closing it releases it. */
  MultiReader durable(TimeRange range) throws IOException {
    return durable(all().stream().filter(partition -> partition.mayHold(range)).toList());
  }

  /** Everything durable in these indices, as one; closing it releases it. */
  MultiReader durable(List<Partition> partitions) throws IOException {
    List<IndexReader> readers = new ArrayList<>();
    try {
      for (Partition partition : partitions) {
        unlessDeleted(partition).ifPresent(readers::add);
      }
      return new MultiReader(readers.toArray(IndexReader[]::new), false);
    } finally {
      // the reader over all holds them from here on
      for (IndexReader reader : readers) {
        reader.decRef();
      }
    }
  }

  /** Retention may delete one between the look at the list and the opening. */
  private Optional<IndexReader> unlessDeleted(Partition partition) throws IOException {
    try {
      return Optional.of(partition.durable());
    } catch (StoreException e) {
      if (byName.get(partition.name()) == partition) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Log → highest durable offset. */
  Map<String, Long> positions() throws IOException {
    Map<String, Long> highest = new HashMap<>();
    for (Partition partition : all()) {
      partition.positions().forEach((log, offset) -> highest.merge(log, offset, Math::max));
    }
    return highest;
  }

  /**
   * Takes an index away. How far its logs were is first written elsewhere; then it gets a name that
   * is deleted at the next start, should the deletion of its files be cut short.
   *
   * @return its files, for the caller to delete: that may take long
   */
  synchronized Path takeAway(Partition partition) throws IOException {
    Path deleted = root.resolve(partition.name() + DELETED);
    IOUtils.rm(deleted); // of a deletion that was cut short
    IndexSession unplaced = of(Placement.UNPLACED).session();
    unplaced.keepPositions(partition.positions());
    unplaced.commitPositions();
    byName.remove(partition.name());
    partition.close();
    Files.move(partition.path(), deleted);
    IOUtils.fsync(root, true);
    return deleted;
  }

  /** Idempotent. */
  @Override
  public synchronized void close() throws IOException {
    List<Closeable> all = new ArrayList<>(byName.values());
    byName.clear();
    all.add(lock);
    all.add(lockDirectory);
    IOUtils.close(all);
  }
}
