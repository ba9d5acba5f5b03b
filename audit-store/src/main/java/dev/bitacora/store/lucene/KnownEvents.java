package dev.bitacora.store.lucene;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.lucene.IdLookup.Found;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the indices hold at one moment, durable or not, for questions about single events. Only
 * right while nothing else is added; what the asker adds itself it has to tell. Not thread-safe.
 */
final class KnownEvents implements Closeable {
  private final Partitions partitions;
  private final Map<Partition, Opened> opened = new HashMap<>();
  private final Map<String, Set<String>> addedHashes = new HashMap<>();
  private final Map<String, IndexSession> addedSessions = new HashMap<>();

  private record Opened(Partition.Latest index, IdLookup lookup) {}

  /**
   * @param session whose commit makes it durable; null when it is
   */
  record Answer(Found found, IndexSession session) {
    private static final Answer NOTHING = new Answer(Found.NOTHING, null);
  }

  KnownEvents(Partitions partitions) {
    this.partitions = partitions;
  }

  /** The event's own index is asked first: that is where a redelivery meets its twin. */
  Answer find(NewEvent event, String home) throws IOException {
    Set<String> hashes = addedHashes.getOrDefault(event.position().eventId(), Set.of());
    if (hashes.contains(event.hash())) {
      return new Answer(Found.SAME, addedSessions.get(event.documentId()));
    }
    byte[] key = StoredForm.key(event);
    Answer best = find(event, key, partitions.of(home));
    for (Partition partition : partitions.all()) {
      if (best.found() == Found.SAME) {
        return best;
      }
      if (!partition.name().equals(home)) {
        Answer answer = find(event, key, partition);
        best = answer.found() == Found.NOTHING ? best : answer;
      }
    }
    return best.found() == Found.NOTHING && !hashes.isEmpty()
        ? new Answer(Found.OTHER_BYTES, null)
        : best;
  }

  private Answer find(NewEvent event, byte[] key, Partition partition) throws IOException {
    Opened asked = open(partition);
    Found found = asked.lookup().find(event.position(), key);
    return found == Found.NOTHING ? Answer.NOTHING : new Answer(found, asked.index().session());
  }

  void added(NewEvent event, IndexSession session) {
    addedHashes
        .computeIfAbsent(event.position().eventId(), id -> new HashSet<>())
        .add(event.hash());
    addedSessions.put(event.documentId(), session);
  }

  /** The highest sequence of a stream, or {@link StreamHeights#NONE}. */
  long highest(StreamId stream) throws IOException {
    long highest = StreamHeights.NONE;
    for (Partition partition : partitions.all()) {
      highest = Math.max(highest, open(partition).lookup().highest(stream));
    }
    return highest;
  }

  private Opened open(Partition partition) throws IOException {
    Opened there = opened.get(partition);
    if (there == null) {
      Partition.Latest index = partition.latest();
      there = new Opened(index, new IdLookup(index.reader()));
      opened.put(partition, there);
    }
    return there;
  }

  @Override
  public void close() throws IOException {
    for (Opened asked : opened.values()) {
      asked.index().reader().decRef();
    }
  }
}
