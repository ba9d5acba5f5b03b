package dev.bitacora.store.elasticsearch;

import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;

/**
 * Writes events with create semantics and says of each what became of it. Nothing is taken for
 * durable without a word of its own from Elasticsearch, whatever the answer's summary says: as many
 * items as were sent, each for the document sent, each with a status. Bodies and answers are our
 * own: the client's objects for each document cost a collector more than all its other work. Safe
 * for any thread.
 */
final class BulkWriter {
  /** A bulk ends when it is about this large; Elasticsearch refuses 100 MiB and likes 5 to 15. */
  private static final int MAX_BULK_BYTES = 8 * 1024 * 1024;

  /** The memory of larger bulks, which are rare, is not kept. */
  private static final int LARGEST_KEPT = MAX_BULK_BYTES / 2;

  private static final WriteResult UNCONFIRMED =
      new WriteResult(
          Status.TRANSIENT, "Elasticsearch's answer does not name this event; is a proxy between?");
  private static final WriteResult CONFLICT =
      new WriteResult(Status.CONFLICT, "another event with the same event.id is stored");

  private final ElasticsearchConfig config;
  private final Retention retention;
  private final RestClient rest;
  private final Indices indices;
  private final ConflictCheck conflicts;

  BulkWriter(ElasticsearchConfig config, Retention retention, Connection connection) {
    this.config = config;
    this.retention = retention;
    this.rest = connection.rest();
    this.indices = new Indices(config, connection.reading());
    this.conflicts = new ConflictCheck(config, connection.reading());
  }

  /** Memory of bulks that have been answered: it costs to make it anew and to clean it up. */
  private final Queue<BulkBody> spare = new ConcurrentLinkedQueue<>();

  /** One event on its way, with its place in the caller's list. */
  private record Item(int place, String index, String id) {}

  List<WriteResult> write(List<NewEvent> events) {
    Set<NewEvent> suspects = conflicts.suspects(events);
    WriteResult[] results = new WriteResult[events.size()];
    List<Item> items = new ArrayList<>(results.length);
    Map<String, Optional<WriteResult>> refusals = new HashMap<>();
    BulkBody body = body(events);
    for (int place = 0; place < results.length; place++) {
      NewEvent event = events.get(place);
      Placement placement = event.placement(retention);
      // Asked once for all events: a store that is ill is not asked a thousand times why.
      Optional<WriteResult> refused = refusals.computeIfAbsent(placement.index(), indices::require);
      if (refused.isPresent()) {
        results[place] = refused.get();
        continue;
      }
      if (body.size() + BulkBody.expectedBytes(event) > MAX_BULK_BYTES && !items.isEmpty()) {
        send(body, items, results);
        items.clear();
        body = body(events.subList(place, results.length));
      }
      Item item = new Item(place, placement.index(), event.documentId());
      items.add(item);
      body.create(item.id(), event, placement);
      event.event().forgetFields();
    }
    if (!items.isEmpty()) {
      send(body, items, results);
    }
    markConflicts(events, suspects, results);
    return Arrays.asList(results);
  }

  /** An empty one with room for these, or for as many of them as go into one bulk. */
  private BulkBody body(List<NewEvent> events) {
    BulkBody used = spare.poll();
    if (used != null) {
      used.clear();
      return used;
    }
    long bytes = 0;
    for (NewEvent event : events) {
      bytes += BulkBody.expectedBytes(event);
    }
    return new BulkBody((int) Math.min(bytes, MAX_BULK_BYTES));
  }

  private void send(BulkBody body, List<Item> items, WriteResult[] results) {
    try {
      List<BulkAnswer.Item> answers = ask(body);
      if (body.capacity() <= LARGEST_KEPT) {
        spare.add(body); // what was not answered may still be on its way
      }
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        results[item.place()] =
            answers.size() == items.size() ? confirm(item, answers.get(i)) : UNCONFIRMED;
      }
    } catch (IOException | RuntimeException e) {
      // Elasticsearch's refusal, or an answer that cannot be read.
      WriteResult result = Trouble.of(config, e).result();
      items.forEach(item -> results[item.place()] = result);
    }
  }

  private List<BulkAnswer.Item> ask(BulkBody body) throws IOException {
    Request request = new Request("POST", "/_bulk");
    request.setOptions(Connection.BULK);
    request.setEntity(body.entity());
    try (InputStream answer = rest.performRequest(request).getEntity().getContent()) {
      return BulkAnswer.read(answer);
    }
  }

  private WriteResult confirm(Item item, BulkAnswer.Item answer) {
    if (!answer.operation().equals("create")
        || !item.id().equals(answer.id())
        || !item.index().equals(answer.index())) {
      return UNCONFIRMED;
    }
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return answer.isError() ? UNCONFIRMED : WriteResult.INDEXED;
    }
    if (status == 409) {
      return WriteResult.DUPLICATE;
    }
    if (status == 404) {
      indices.forget(item.index());
    }
    return Trouble.ofItem(status, answer.errorType(), answer.errorReason()).result();
  }

  private void markConflicts(List<NewEvent> events, Set<NewEvent> suspects, WriteResult[] results) {
    List<NewEvent> written = new ArrayList<>();
    for (int place = 0; place < results.length; place++) {
      if (results[place].status() == Status.INDEXED && suspects.contains(events.get(place))) {
        written.add(events.get(place));
      }
    }
    if (written.isEmpty()) {
      return;
    }
    Set<String> conflicting = conflicts.conflicting(written);
    for (int place = 0; place < results.length; place++) {
      if (results[place].status() == Status.INDEXED
          && conflicting.contains(events.get(place).documentId())) {
        results[place] = CONFLICT;
      }
    }
  }
}
