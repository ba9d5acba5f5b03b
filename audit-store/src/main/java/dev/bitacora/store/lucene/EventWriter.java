package dev.bitacora.store.lucene;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import dev.bitacora.store.lucene.IdLookup.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.IOUtils;

/**
 * Adds events once each.
 *
 * <p>An event above the highest sequence of its stream is new and is added without a look into the
 * index. Any other may be there already: such events are looked up and added one after the other
 * while nobody else adds, so that neither concurrent writes of the same event nor a restart keep it
 * twice. Safe for any thread.
 */
final class EventWriter {
  private static final int STREAMS_REMEMBERED = 20_000;

  private final Partitions partitions;
  private final Retention retention;
  private final AddingThreads threads;
  private final StreamHeights heights = new StreamHeights(STREAMS_REMEMBERED);

  /** Shared by those who add new events, exclusive for those who look up first. */
  private final ReentrantReadWriteLock adding = new ReentrantReadWriteLock(true);

  EventWriter(Partitions partitions, Retention retention, AddingThreads threads) {
    this.partitions = partitions;
    this.retention = retention;
    this.threads = threads;
  }

  List<WriteResult> write(List<NewEvent> events) {
    Batch batch = new Batch(events, retention);
    // Lucene's files are closed under everybody by an interrupt: it has to wait.
    boolean interrupted = Thread.interrupted();
    try {
      learnStreams(batch);
      addKnown(batch, addNew(batch));
      commit(batch);
    } catch (IOException | StoreException | AlreadyClosedException e) {
      for (int i = 0; i < batch.size(); i++) {
        batch.failed(i, Status.ENVIRONMENT, problem(e));
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return batch.results();
  }

  private void learnStreams(Batch batch) throws IOException {
    Set<StreamId> unknown = new HashSet<>();
    for (int i = 0; i < batch.size(); i++) {
      StreamId stream = batch.event(i).position().stream();
      if (!heights.isKnown(stream)) {
        unknown.add(stream);
      }
    }
    if (unknown.isEmpty()) {
      return;
    }
    adding.writeLock().lock();
    try (KnownEvents known = new KnownEvents(partitions)) {
      for (StreamId stream : unknown) {
        heights.learn(stream, known.highest(stream));
      }
    } finally {
      adding.writeLock().unlock();
    }
  }

  /** Adds what is certainly new; the rest it returns. */
  private BitSet addNew(Batch batch) {
    adding.readLock().lock();
    try {
      List<Integer> fresh = new ArrayList<>(batch.size());
      BitSet known = new BitSet();
      for (int i = 0; i < batch.size(); i++) {
        if (heights.claim(batch.event(i).position())) {
          fresh.add(i);
        } else {
          known.set(i);
        }
      }
      threads.run(fresh, part -> addAll(batch, part));
      return known;
    } finally {
      adding.readLock().unlock();
    }
  }

  private void addAll(Batch batch, List<Integer> part) {
    EventDocument document = new EventDocument();
    for (int i : part) {
      add(batch, i, batch.placement(i), document, WriteResult.INDEXED);
    }
  }

  private void addKnown(Batch batch, BitSet suspects) throws IOException {
    if (suspects.isEmpty()) {
      return;
    }
    EventDocument document = new EventDocument();
    adding.writeLock().lock();
    try (KnownEvents known = new KnownEvents(partitions)) {
      for (int i = suspects.nextSetBit(0); i >= 0; i = suspects.nextSetBit(i + 1)) {
        Placement placement = batch.placement(i);
        KnownEvents.Answer answer = known.find(batch.event(i), placement.index());
        if (answer.found() == Found.SAME) {
          batch.done(i, WriteResult.DUPLICATE, answer.session());
        } else {
          WriteResult result = answer.found() == Found.NOTHING ? WriteResult.INDEXED : conflict();
          IndexSession session = add(batch, i, placement, document, result);
          if (session != null) {
            known.added(batch.event(i), session);
          }
        }
      }
    } finally {
      adding.writeLock().unlock();
    }
  }

  private static WriteResult conflict() {
    return new WriteResult(
        Status.CONFLICT, "another event with this event.id and other bytes is kept beside it");
  }

  /** Null when it was not added. */
  private IndexSession add(
      Batch batch, int i, Placement placement, EventDocument document, WriteResult result) {
    try {
      NewEvent event = batch.event(i);
      document.fill(event, placement);
      event.event().forgetFields(); // those of a whole batch would outlive young collections
      IndexSession session = partitions.of(placement.index()).session();
      session.add(document, event.log());
      batch.done(i, result, session);
      return session;
    } catch (IllegalArgumentException e) {
      batch.failed(i, Status.SUSPECT, e.getMessage());
    } catch (IOException | StoreException | AlreadyClosedException e) {
      batch.failed(i, Status.ENVIRONMENT, problem(e));
    }
    return null;
  }

  private static void commit(Batch batch) {
    for (IndexSession session : batch.sessions()) {
      try {
        session.commit();
      } catch (IOException | AlreadyClosedException e) {
        batch.broken(session, problem(e));
      }
    }
  }

  private static String problem(Exception e) {
    return e instanceof StoreException
        ? e.getMessage()
        : "store: cannot write (" + e + "); check the disk's space and rights";
  }

  /** Writing waits while the index is taken away, not while its files are deleted. */
  void delete(Period period) throws IOException {
    Optional<Path> files = Optional.empty();
    adding.writeLock().lock();
    try {
      Optional<Partition> partition = partitions.find(period.index());
      if (partition.isPresent()) {
        files = Optional.of(partitions.takeAway(partition.get()));
      }
    } finally {
      adding.writeLock().unlock();
    }
    if (files.isPresent()) {
      IOUtils.rm(files.get());
    }
  }

  void deleteUnplaced(Query matching) throws IOException {
    IndexSession unplaced;
    adding.writeLock().lock();
    try {
      unplaced = partitions.of(Placement.UNPLACED).session();
      unplaced.delete(matching);
    } finally {
      adding.writeLock().unlock();
    }
    unplaced.commit();
  }
}
