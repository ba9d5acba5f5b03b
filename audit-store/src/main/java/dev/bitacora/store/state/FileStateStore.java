package dev.bitacora.store.state;

import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps the state in a directory, one file per value ({@link StateFile}), replaced atomically and
 * readable by its owner only. Nothing is held in memory: a command may add a token while the
 * service runs, and it counts at once.
 *
 * <p>Safe for any thread and for several processes of one machine: a write holds a lock on the
 * directory while it compares and replaces. Versions follow the clock and never fall, so that a
 * value that was removed and made again is not taken for the old one. A write that throws has
 * changed nothing that a reader sees.
 */
public final class FileStateStore implements StateStore {
  private static final Object WRITING = new Object();

  private final Path directory;

  /**
   * @param directory made by {@link #start} when it is not there
   */
  public FileStateStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the directory and checks what is in it.
   *
   * @throws StoreException when it cannot be made, or a file in it cannot be read
   */
  public void start() {
    try {
      StateFile.createDirectory(directory);
      for (Kind kind : Kind.values()) {
        StateFile.createDirectory(folder(kind));
      }
      locked(
          () -> {
            for (Kind kind : Kind.values()) {
              removeUnfinished(folder(kind));
            }
            return true;
          });
    } catch (IOException e) {
      throw new StoreException(
          "state: cannot open " + directory + " (" + e + "); check that this user may write there",
          e);
    }
    for (Kind kind : Kind.values()) {
      list(kind);
    }
  }

  private static void removeUnfinished(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (StateFile.isUnfinished(file)) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public Optional<Entry> get(Kind kind, String key) {
    return read(file(kind, key));
  }

  @Override
  public boolean put(Kind kind, String key, String value, long expected) {
    Path file = file(kind, key);
    return changing(
        file,
        () -> {
          long version = version(file);
          if (version != expected) {
            return false;
          }
          StateFile.write(file, new Entry(key, value, nextVersion(version)));
          return true;
        });
  }

  @Override
  public boolean remove(Kind kind, String key, long expected) {
    Path file = file(kind, key);
    return changing(
        file,
        () -> {
          if (expected == ABSENT || version(file) != expected) {
            return false;
          }
          StateFile.delete(file);
          return true;
        });
  }

  @Override
  public List<Entry> list(Kind kind) {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(kind))) {
      for (Path file : files) {
        if (!StateFile.isUnfinished(file)) {
          read(file).ifPresent(entries::add);
        }
      }
    } catch (IOException e) {
      throw new StoreException(
          "state: cannot read " + folder(kind) + " (" + e + "); check the data directory", e);
    }
    entries.sort(Comparator.comparing(Entry::key));
    return List.copyOf(entries);
  }

  private long version(Path file) {
    return read(file).map(Entry::version).orElse(ABSENT);
  }

  /** Microseconds since 1970, or one more than before where the clock stands or fell. */
  private static long nextVersion(long before) {
    return Math.max(before + 1, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }

  private static Optional<Entry> read(Path file) {
    try {
      return Optional.of(StateFile.read(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("state: cannot read " + file + " (" + e + "); check its rights", e);
    }
  }

  private interface Change {
    boolean make() throws IOException;
  }

  private boolean changing(Path file, Change change) {
    try {
      return locked(change);
    } catch (IOException e) {
      throw new StoreException(
          "state: cannot change " + file + " (" + e + "); check the disk's space and rights", e);
    }
  }

  /** One writer among the threads of this process, then among processes. */
  private boolean locked(Change change) throws IOException {
    synchronized (WRITING) {
      try (FileChannel file =
              FileChannel.open(
                  directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = file.lock()) {
        return lock.isValid() && change.make();
      }
    }
  }

  private Path file(Kind kind, String key) {
    return folder(kind).resolve(StateFile.nameFor(key));
  }

  private Path folder(Kind kind) {
    return directory.resolve(kind.name().toLowerCase(Locale.ROOT));
  }
}
