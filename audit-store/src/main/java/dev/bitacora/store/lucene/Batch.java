package dev.bitacora.store.lucene;

import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.WriteResult;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * One call's events and what became of each: its result, and the session whose commit makes that
 * true. Different threads may set different events' results.
 */
final class Batch {
  private final List<NewEvent> events;
  private final Retention retention;
  private final WriteResult[] results;
  private final IndexSession[] sessions;

  Batch(List<NewEvent> events, Retention retention) {
    this.events = events;
    this.retention = retention;
    this.results = new WriteResult[events.size()];
    this.sessions = new IndexSession[events.size()];
  }

  int size() {
    return results.length;
  }

  NewEvent event(int i) {
    return events.get(i);
  }

  Placement placement(int i) {
    return events.get(i).placement(retention);
  }

  /**
   * @param session null when the event was durable before
   */
  void done(int i, WriteResult result, IndexSession session) {
    results[i] = result;
    sessions[i] = session;
  }

  void failed(int i, WriteResult.Status status, String detail) {
    done(i, new WriteResult(status, detail), null);
  }

  Set<IndexSession> sessions() {
    Set<IndexSession> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    for (IndexSession session : sessions) {
      if (session != null) {
        distinct.add(session);
      }
    }
    return distinct;
  }

  /** The session's events are not durable. */
  void broken(IndexSession session, String detail) {
    for (int i = 0; i < results.length; i++) {
      if (sessions[i] == session) {
        failed(i, WriteResult.Status.ENVIRONMENT, detail);
      }
    }
  }

  List<WriteResult> results() {
    return List.of(results);
  }
}
