package dev.bitacora.collector.deadletter;

import dev.bitacora.store.DeadLetterIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an index show what is open, in the course of one look at all letters: adds what it lacks
 * and removes what is open no more, whoever closed it. Confined to its thread.
 */
final class Indexing {
  private static final int BATCH = 500;

  private final DeadLetterIndex index;
  private final LetterSet indexed = new LetterSet();
  private final LetterSet open = new LetterSet();
  private final List<DeadLetterIndex.Entry> missing = new ArrayList<>();

  /** Reads what the index has. */
  Indexing(DeadLetterIndex index) {
    this.index = index;
    index.forEachId(id -> DeadLetterId.of(id).ifPresent(indexed::add));
  }

  /** Takes the next letter that is open. */
  void open(StoredDeadLetter letter) {
    open.add(letter.id());
    if (!indexed.contains(letter.id())) {
      missing.add(entry(letter));
      if (missing.size() >= BATCH) {
        putMissing();
      }
    }
  }

  /** All open letters were shown. */
  void end() {
    putMissing();
    List<String> closed = new ArrayList<>();
    indexed.forEach(
        id -> {
          if (!open.contains(id)) {
            closed.add(id.text());
          }
          if (closed.size() >= BATCH) {
            index.remove(closed);
            closed.clear();
          }
        });
    index.remove(closed);
  }

  private void putMissing() {
    index.put(missing);
    missing.clear();
  }

  private static DeadLetterIndex.Entry entry(StoredDeadLetter stored) {
    DeadLetter letter = stored.letter();
    return new DeadLetterIndex.Entry(
        stored.id().text(),
        letter.reason().text(),
        letter.detail(),
        letter.record().origin(),
        letter.record().size(),
        letter.attempts(),
        letter.replays(),
        letter.at());
  }
}
