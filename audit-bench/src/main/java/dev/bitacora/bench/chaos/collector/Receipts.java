package dev.bitacora.bench.chaos.collector;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * What the broker acknowledged, kept outside the product: events by their id and hash, what is no
 * event by its place in the log. Safe for any thread.
 */
final class Receipts {
  private final Set<String> sent = new HashSet<>();
  private final Set<String> events = new HashSet<>();
  private final Set<String> poison = new HashSet<>();
  private final Map<TopicPartition, TreeMap<Long, Kind>> recent = new HashMap<>();
  private final Set<String> recentEvents = new HashSet<>();
  private final Set<String> recentPoison = new HashSet<>();

  /** What should become of a record. */
  enum Kind {
    /** A document of its own. */
    EVENT,
    /** One document for it and its twins; which of them made it is open. */
    TWIN,
    /** A dead letter. */
    POISON
  }

  /** {@code <topic>/<partition>@<offset>}. */
  static String place(TopicPartition partition, long offset) {
    return partition.topic() + "/" + partition.partition() + "@" + offset;
  }

  /** An event is about to be sent: its document may exist from now on. */
  synchronized void sending(String event) {
    sent.add(event);
  }

  /** The broker has acknowledged a record with an event. */
  synchronized void event(String event, TopicPartition partition, long offset, boolean twin) {
    events.add(event);
    recentEvents.add(event);
    remember(partition, offset, twin ? Kind.TWIN : Kind.EVENT);
  }

  /** The broker has acknowledged a record that is no event. */
  synchronized void poison(TopicPartition partition, long offset) {
    poison.add(place(partition, offset));
    recentPoison.add(place(partition, offset));
    remember(partition, offset, Kind.POISON);
  }

  private void remember(TopicPartition partition, long offset, Kind kind) {
    recent.computeIfAbsent(partition, p -> new TreeMap<>()).put(offset, kind);
  }

  /** A round begins: {@link #recentSize} and what follows are of this round. */
  synchronized void beginRound() {
    recent.clear();
    recentEvents.clear();
    recentPoison.clear();
  }

  /** Events and poison of this round. */
  synchronized int recentSize() {
    return recentEvents.size() + recentPoison.size();
  }

  /** This round's records before an offset. */
  synchronized long recentEvents(TopicPartition partition, long before) {
    return recent.getOrDefault(partition, new TreeMap<>()).headMap(before).values().stream()
        .filter(Kind.EVENT::equals)
        .count();
  }

  /** The places of this round's poison before an offset. */
  synchronized Set<String> recentPoison(TopicPartition partition, long before) {
    Set<String> places = new TreeSet<>();
    recent
        .getOrDefault(partition, new TreeMap<>())
        .headMap(before)
        .forEach(
            (offset, kind) -> {
              if (kind == Kind.POISON) {
                places.add(place(partition, offset));
              }
            });
    return places;
  }

  /** This round's; a copy. */
  synchronized Acknowledged round() {
    return new Acknowledged(new HashSet<>(recentEvents), new HashSet<>(recentPoison));
  }

  /** The whole run's; a copy. */
  synchronized Acknowledged all() {
    return new Acknowledged(new HashSet<>(events), new HashSet<>(poison));
  }

  /**
   * What must be found.
   *
   * @param events ids and hashes of documents
   * @param poison places of dead letters
   */
  record Acknowledged(Set<String> events, Set<String> poison) {
    int size() {
      return events.size() + poison.size();
    }
  }

  synchronized boolean wasSent(String event) {
    return sent.contains(event);
  }
}
