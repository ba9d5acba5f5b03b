package dev.bitacora.store.lucene;

import dev.bitacora.store.LogPosition;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LogByteSizeMergePolicy;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.Directory;

/**
 * One index open for writing. What was added is durable after a {@link #commit} of this very
 * session; when writing fails the session is over, and what it did not commit is gone. Safe for any
 * thread.
 */
final class IndexSession implements Closeable {
  /** Flushed at every commit, so that idle sessions hold nothing. */
  private static final double BUFFER_MB = 16;

  /** Commits make small segments; merging many at once writes each event fewer times. */
  private static final int SEGMENTS_PER_MERGE = 32;

  /** Segments up to this size are merged as equals, whatever batch each came from. */
  private static final double SMALL_SEGMENT_MB = 1;

  /** What is larger stays as it is: a merge of 32 keeps below 5 GB. */
  private static final double LARGEST_TO_MERGE_MB = 160;

  private static final int MERGES_WAITING = 8;

  private final IndexWriter writer;
  private final Runnable afterCommit;
  private final Map<String, Long> positions;

  private final AtomicLong asked = new AtomicLong();
  private final ReentrantLock committing = new ReentrantLock();
  private long answered; // under committing

  private DirectoryReader latest; // under this

  /**
   * @param positions those of the last commit
   * @param afterCommit told after each commit that changed something
   */
  IndexSession(Directory directory, Map<String, Long> positions, Runnable afterCommit)
      throws IOException {
    this.positions = new ConcurrentHashMap<>(positions);
    this.afterCommit = afterCommit;
    this.writer = new IndexWriter(directory, config());
  }

  private static IndexWriterConfig config() {
    LogByteSizeMergePolicy merges = new LogByteSizeMergePolicy();
    merges.setMergeFactor(SEGMENTS_PER_MERGE);
    merges.setMinMergeMB(SMALL_SEGMENT_MB);
    merges.setMaxMergeMB(LARGEST_TO_MERGE_MB);
    ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
    scheduler.setMaxMergesAndThreads(MERGES_WAITING, 1);
    scheduler.disableAutoIOThrottle();
    return new IndexWriterConfig(IndexFields.WORDS)
        .setCodec(new Lucene912Codec(Lucene912Codec.Mode.BEST_SPEED))
        .setRAMBufferSizeMB(BUFFER_MB)
        .setMergePolicy(merges)
        .setMergeScheduler(scheduler)
        .setMaxFullFlushMergeWaitMillis(0);
  }

  boolean isOpen() {
    return writer.isOpen();
  }

  void add(Iterable<IndexableField> document, LogPosition position) throws IOException {
    writer.addDocument(document);
    positions.merge(position.log(), position.offset(), Math::max);
  }

  void delete(Query query) throws IOException {
    writer.deleteDocuments(query);
  }

  /** Takes over what another index knew, before that goes. */
  void keepPositions(Map<String, Long> others) {
    others.forEach((log, offset) -> positions.merge(log, offset, Math::max));
  }

  /**
   * Makes durable all that was added before. Threads that ask while a commit runs share the next
   * one.
   */
  void commit() throws IOException {
    long mine = asked.incrementAndGet();
    committing.lock();
    try {
      if (answered >= mine) {
        return;
      }
      long all = asked.get();
      if (writer.hasUncommittedChanges()) {
        writer.setLiveCommitData(CommitData.of(positions).entrySet());
        writer.commit();
        afterCommit.run();
      }
      answered = all;
    } finally {
      committing.unlock();
    }
  }

  /** Commits even when nothing was added. */
  void commitPositions() throws IOException {
    committing.lock();
    try {
      writer.setLiveCommitData(CommitData.of(positions).entrySet());
      writer.commit();
      afterCommit.run();
    } finally {
      committing.unlock();
    }
  }

  /** All that was added so far, durable or not; to be released with {@code decRef}. */
  synchronized DirectoryReader latest() throws IOException {
    DirectoryReader newer =
        latest == null
            ? DirectoryReader.open(writer)
            : DirectoryReader.openIfChanged(latest, writer);
    if (newer != null) {
      releaseLatest();
      latest = newer;
    }
    latest.incRef();
    return latest;
  }

  private void releaseLatest() throws IOException {
    if (latest != null) {
      latest.decRef();
      latest = null;
    }
  }

  /** Drops what was not committed, which nobody was told is kept. */
  @Override
  public synchronized void close() throws IOException {
    releaseLatest();
    writer.rollback();
  }
}
