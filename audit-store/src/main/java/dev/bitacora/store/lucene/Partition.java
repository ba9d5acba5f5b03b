package dev.bitacora.store.lucene;

import dev.bitacora.store.Family;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.TimeRange;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NRTCachingDirectory;
import org.apache.lucene.util.IOUtils;

/**
 * One directory: the index of a family's period, or of events with implausible times. Searched as
 * of its last commit, opened for writing when something is written. Safe for any thread.
 */
final class Partition implements Closeable {
  /**
   * A segment's dozen files become one before a commit brings it to the disk: until then they stay
   * in memory, because making and deleting them takes a file system longer than writing them.
   */
  private static final double LARGEST_IN_MEMORY_MB = 8;

  private static final double MEMORY_MB = 24;

  private final Path path;
  private final Optional<TimeRange> period;
  private final Directory directory;

  // Under this object's lock.
  private DirectoryReader reader;
  private Map<String, Long> positions;
  private IndexSession session;
  private boolean closed;

  private volatile boolean readerIsOld;

  private Partition(Path path) throws IOException {
    this.path = path;
    this.period = periodOf(path.getFileName().toString());
    this.directory =
        new NRTCachingDirectory(FSDirectory.open(path), LARGEST_IN_MEMORY_MB, MEMORY_MB);
  }

  /** The moments that the index of this name holds; empty when it may hold any. */
  static Optional<TimeRange> periodOf(String index) {
    for (Family family : Family.values()) {
      Optional<TimeRange> period = family.periodOf(index);
      if (period.isPresent()) {
        return period;
      }
    }
    return Optional.empty();
  }

  /** Makes an empty one; a kill in the middle leaves a directory that {@link #isUnfinished}. */
  static Partition create(Path path) throws IOException {
    Files.createDirectories(path);
    try (Directory directory = FSDirectory.open(path);
        IndexSession first = new IndexSession(directory, Map.of(), () -> {})) {
      first.commitPositions();
    }
    IOUtils.fsync(path.getParent(), true);
    return open(path);
  }

  /**
   * Opens one that is there.
   *
   * @throws StoreException when it is damaged or of a newer version
   */
  static Partition open(Path path) throws IOException {
    Partition partition = new Partition(path);
    try {
      partition.reader = DirectoryReader.open(partition.directory);
      partition.positions = partition.committedPositions();
      return partition;
    } catch (IndexFormatTooNewException | IndexFormatTooOldException e) {
      partition.close();
      throw new StoreException(
          "store: " + path + " was written by another version of Lucene; run that version", e);
    } catch (CorruptIndexException
        | IndexNotFoundException
        | EOFException
        | NoSuchFileException e) {
      partition.close();
      throw new StoreException(
          "store: "
              + path
              + " is damaged ("
              + e.getMessage()
              + "); restore it from a backup, or move it away and index its events again",
          e);
    } catch (StoreException e) {
      partition.close();
      throw e;
    }
  }

  /** True for the rest of a creation that a kill cut short: nothing was ever kept there. */
  static boolean isUnfinished(Path path) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals("write.lock") && !name.startsWith("pending_segments")) {
          return false;
        }
      }
    }
    return true;
  }

  String name() {
    return path.getFileName().toString();
  }

  Path path() {
    return path;
  }

  boolean mayHold(TimeRange range) {
    return period.isEmpty()
        || (period.get().from().isBefore(range.to()) && range.from().isBefore(period.get().to()));
  }

  /** Log → highest durable offset. */
  synchronized Map<String, Long> positions() throws IOException {
    refresh();
    return positions;
  }

  /** The session that events are added to; a new one after the last was broken. */
  synchronized IndexSession session() throws IOException {
    requireOpen();
    if (session != null && !session.isOpen()) {
      endSession();
    }
    if (session == null) {
      refresh(); // for the positions
      session = new IndexSession(directory, positions, () -> readerIsOld = true);
    }
    return session;
  }

  /** All that is durable; to be released with {@code decRef}. */
  synchronized DirectoryReader durable() throws IOException {
    refresh();
    reader.incRef();
    return reader;
  }

  /**
   * All that was added.
   *
   * @param reader to be released with {@code decRef}
   * @param session whose commit makes it durable; null when it is
   */
  record Latest(DirectoryReader reader, IndexSession session) {}

  /** All that was added, durable or not. */
  synchronized Latest latest() throws IOException {
    return session != null && session.isOpen()
        ? new Latest(session.latest(), session)
        : new Latest(durable(), null);
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException("store: " + path + " is closed");
    }
  }

  private void refresh() throws IOException {
    requireOpen();
    if (readerIsOld) {
      readerIsOld = false;
      DirectoryReader newer = DirectoryReader.openIfChanged(reader);
      if (newer != null) {
        reader.decRef();
        reader = newer;
        positions = committedPositions();
      }
    }
  }

  private Map<String, Long> committedPositions() throws IOException {
    return CommitData.positions(reader.getIndexCommit().getUserData(), path.toString());
  }

  private void endSession() throws IOException {
    if (session != null) {
      IndexSession ended = session;
      session = null;
      ended.close();
    }
  }

  /** Idempotent; what was not committed is dropped. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      endSession();
      if (reader != null) {
        reader.decRef();
      }
    } finally {
      directory.close();
    }
  }
}
