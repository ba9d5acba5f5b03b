package dev.bitacora.collector.retention;

import dev.bitacora.core.query.Query;
import dev.bitacora.core.query.QuerySyntaxException;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The legal holds of a service, in its shared state. A hold counts for every deletion that begins
 * after {@link #place} has returned; of those that had begun, {@link #deletionsUnderWay} tells. The
 * audit events of its beginning and its end are written by the collector, soon, from what stands
 * here. Safe for any thread. Methods throw {@link StoreException} when the state cannot be reached.
 */
public final class Holds {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);
  private static final int RANDOM_BYTES = 4;

  private final StateStore state;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Holds(StateStore state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /**
   * Places a hold.
   *
   * @throws QuerySyntaxException when the query cannot be read
   * @throws IllegalArgumentException when query, reason or name is blank
   */
  public Hold place(String query, String reason, String by) throws QuerySyntaxException {
    requireText("query", query);
    requireText("reason", reason);
    requireText("name", by);
    var unused = Query.parse(query);
    while (true) {
      Instant now = clock.instant();
      Hold hold = new Hold(newId(now), query, reason, by, now, Optional.empty(), false);
      if (state.put(Kind.HOLD, hold.id(), hold.json(), StateStore.ABSENT)) {
        return hold;
      }
    }
  }

  private static void requireText(String what, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("hold: a " + what + " is required");
    }
  }

  /** Short enough to be typed, and never used twice. */
  private String newId(Instant now) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return DAY.format(now) + "-" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Ends a hold.
   *
   * @return the hold; empty when none of this id is in force
   */
  public Optional<Hold> release(String id, String reason, String by) {
    requireText("name", by);
    while (true) {
      Optional<Entry> entry = state.get(Kind.HOLD, id);
      Optional<Hold> hold = entry.map(Holds::read).filter(Hold::isInForce);
      if (hold.isEmpty()) {
        return Optional.empty();
      }
      Hold released = hold.get().released(new Hold.Release(by, reason, clock.instant()));
      if (state.put(Kind.HOLD, id, released.json(), entry.get().version())) {
        return Optional.of(released);
      }
    }
  }

  /** Those in force, oldest first. */
  public List<Hold> inForce() {
    return state.list(Kind.HOLD).stream().map(Holds::read).filter(Hold::isInForce).toList();
  }

  /** What is being deleted at this moment: a hold placed now may come too late for it. */
  public List<String> deletionsUnderWay() {
    return new RetentionState(state).deletions().stream().map(Deletion::part).toList();
  }

  /** What has expired and is kept because of a hold, as far as retention has looked. */
  public List<String> keptBy(String id) {
    return new RetentionState(state)
        .kept().stream().filter(kept -> kept.hold().equals(id)).map(Kept::part).toList();
  }

  /** A hold and what it covers. */
  record Covering(Hold hold, Query query) {}

  /** Those in force, ready to be asked for. */
  List<Covering> covering() throws UnreadableHoldException {
    List<Covering> covering = new ArrayList<>();
    for (Entry entry : state.list(Kind.HOLD)) {
      Hold hold = read(entry);
      if (hold.isInForce()) {
        covering.add(new Covering(hold, query(hold)));
      }
    }
    return covering;
  }

  private static Query query(Hold hold) throws UnreadableHoldException {
    try {
      return Query.parse(hold.query());
    } catch (QuerySyntaxException e) {
      throw new UnreadableHoldException(
          hold.id(), "its query, column " + e.column() + ": " + e.getMessage());
    }
  }

  /** Whose beginning or end is not recorded yet. */
  List<Hold> toRecord() {
    return state.list(Kind.HOLD).stream()
        .map(Holds::read)
        .filter(hold -> !hold.isRecorded() || !hold.isInForce())
        .toList();
  }

  /** Notes that its beginning is recorded; nothing when somebody changed it meanwhile. */
  void recorded(Hold hold) {
    unchanged(hold)
        .ifPresent(
            entry -> state.put(Kind.HOLD, hold.id(), hold.recorded().json(), entry.version()));
  }

  /** Forgets a hold whose end is recorded. */
  void forget(Hold hold) {
    unchanged(hold).ifPresent(entry -> state.remove(Kind.HOLD, hold.id(), entry.version()));
  }

  private Optional<Entry> unchanged(Hold expected) {
    return state.get(Kind.HOLD, expected.id()).filter(entry -> read(entry).equals(expected));
  }

  private static Hold read(Entry entry) {
    try {
      return Hold.read(entry.key(), StateValue.read(entry));
    } catch (StoreException e) {
      return Hold.damaged(entry.key());
    }
  }
}
