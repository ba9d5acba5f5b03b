package dev.bitacora.store.state;

import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Keeps the state of a single service in a directory, one file per value ({@link StateFile}),
 * replaced atomically and readable by its owner only. Values are held in memory as well, so reading
 * costs nothing.
 *
 * <p>One process at a time: {@link #start} locks the directory and throws {@link StoreException}
 * when another holds it. Versions count upwards over the whole directory, so that a value that was
 * removed and made again is not taken for the old one. Safe for any thread. A write that throws has
 * changed nothing that a reader sees.
 */
public final class FileStateStore implements StateStore, AutoCloseable {
  private final Path directory;
  private final Object writing = new Object();
  private final Map<Kind, ConcurrentNavigableMap<String, Entry>> values = new EnumMap<>(Kind.class);

  private FileChannel lockFile;
  private long lastVersion;

  /**
   * @param directory made by {@link #start} when it is not there
   */
  public FileStateStore(Path directory) {
    this.directory = directory;
    for (Kind kind : Kind.values()) {
      values.put(kind, new ConcurrentSkipListMap<>());
    }
  }

  /**
   * Locks the directory and reads it.
   *
   * @throws StoreException when another process holds it or a file in it cannot be read
   */
  public void start() {
    synchronized (writing) {
      try {
        StateFile.createDirectory(directory);
        lock();
        for (Kind kind : Kind.values()) {
          load(kind);
        }
      } catch (IOException e) {
        close();
        throw new StoreException(
            "state: cannot open "
                + directory
                + " ("
                + e
                + "); check that this user may write there",
            e);
      } catch (StoreException e) {
        close();
        throw e;
      }
    }
  }

  private void lock() throws IOException {
    lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = lockFile.tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // this very process holds it: the same answer
    }
    throw new StoreException(
        "state: "
            + directory
            + " is in use by another process; stop it, or give this one another data directory");
  }

  private void load(Kind kind) throws IOException {
    Path folder = folder(kind);
    StateFile.createDirectory(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (StateFile.isUnfinished(file)) {
          Files.delete(file);
        } else {
          Entry entry = StateFile.read(file);
          values.get(kind).put(entry.key(), entry);
          lastVersion = Math.max(lastVersion, entry.version());
        }
      }
    }
  }

  @Override
  public Optional<Entry> get(Kind kind, String key) {
    return Optional.ofNullable(values.get(kind).get(key));
  }

  @Override
  public boolean put(Kind kind, String key, String value, long expected) {
    synchronized (writing) {
      if (version(kind, key) != expected) {
        return false;
      }
      Entry entry = new Entry(key, value, lastVersion + 1);
      change(kind, key, file -> StateFile.write(file, entry));
      lastVersion = entry.version();
      values.get(kind).put(key, entry);
      return true;
    }
  }

  @Override
  public boolean remove(Kind kind, String key, long expected) {
    synchronized (writing) {
      if (expected == ABSENT || version(kind, key) != expected) {
        return false;
      }
      change(kind, key, StateFile::delete);
      values.get(kind).remove(key);
      return true;
    }
  }

  @Override
  public List<Entry> list(Kind kind) {
    return List.copyOf(values.get(kind).values());
  }

  /** Idempotent. Frees the directory for another process. */
  @Override
  public void close() {
    synchronized (writing) {
      if (lockFile == null) {
        return;
      }
      try {
        lockFile.close();
      } catch (IOException e) {
        throw new StoreException("state: cannot release " + directory + ": " + e, e);
      } finally {
        lockFile = null;
      }
    }
  }

  private long version(Kind kind, String key) {
    Entry entry = values.get(kind).get(key);
    return entry == null ? ABSENT : entry.version();
  }

  private interface Change {
    void to(Path file) throws IOException;
  }

  private void change(Kind kind, String key, Change change) {
    if (lockFile == null) {
      throw new StoreException("state: " + directory + " is not open");
    }
    Path file = folder(kind).resolve(StateFile.nameFor(key));
    try {
      change.to(file);
    } catch (IOException e) {
      throw new StoreException(
          "state: cannot change " + file + " (" + e + "); check the disk's space and rights", e);
    }
  }

  private Path folder(Kind kind) {
    return directory.resolve(kind.name().toLowerCase(java.util.Locale.ROOT));
  }
}
