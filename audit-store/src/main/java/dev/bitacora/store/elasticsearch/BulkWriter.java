package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.elasticsearch.core.bulk.OperationType;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes events with create semantics and says of each what became of it. Nothing is taken for
 * durable without a word of its own from Elasticsearch, whatever the answer's summary says: as many
 * items as were sent, each for the document sent, each with a status. Safe for any thread.
 */
final class BulkWriter {
  /** A bulk ends when it is this large; Elasticsearch refuses 100 MiB and likes 5 to 15. */
  private static final int MAX_BULK_BYTES = 8 * 1024 * 1024;

  private static final WriteResult UNCONFIRMED =
      new WriteResult(
          Status.TRANSIENT, "Elasticsearch's answer does not name this event; is a proxy between?");
  private static final WriteResult CONFLICT =
      new WriteResult(Status.CONFLICT, "another event with the same event.id is stored");

  private final ElasticsearchConfig config;
  private final Retention retention;
  private final ElasticsearchClient client;
  private final Indices indices;
  private final ConflictCheck conflicts;

  BulkWriter(ElasticsearchConfig config, Retention retention, Connection connection) {
    this.config = config;
    this.retention = retention;
    this.client = connection.writing();
    this.indices = new Indices(config, connection.reading());
    this.conflicts = new ConflictCheck(config, connection.reading());
  }

  /** One event on its way, with its place in the caller's list. */
  private record Item(int place, NewEvent event, String index, BinaryData document) {}

  List<WriteResult> write(List<NewEvent> events) {
    Set<NewEvent> suspects = conflicts.suspects(events);
    WriteResult[] results = new WriteResult[events.size()];
    List<Item> bulk = new ArrayList<>();
    long bytes = 0;
    for (int place = 0; place < results.length; place++) {
      NewEvent event = events.get(place);
      Placement placement = event.placement(retention);
      Optional<WriteResult> refused = indices.require(placement.index());
      if (refused.isPresent()) {
        results[place] = refused.get();
        continue;
      }
      Item item = item(place, event, placement);
      if (bytes + item.document().size() > MAX_BULK_BYTES && !bulk.isEmpty()) {
        send(bulk, results);
        bulk.clear();
        bytes = 0;
      }
      bulk.add(item);
      bytes += item.document().size();
    }
    if (!bulk.isEmpty()) {
      send(bulk, results);
    }
    markConflicts(events, suspects, results);
    return Arrays.asList(results);
  }

  private static Item item(int place, NewEvent event, Placement placement) {
    byte[] document = Document.of(event, placement);
    return new Item(
        place, event, placement.index(), BinaryData.of(document, ContentType.APPLICATION_JSON));
  }

  private void send(List<Item> bulk, WriteResult[] results) {
    try {
      List<BulkResponseItem> answers = client.bulk(request(bulk)).items();
      for (int i = 0; i < bulk.size(); i++) {
        Item item = bulk.get(i);
        results[item.place()] =
            answers.size() == bulk.size() ? confirm(item, answers.get(i)) : UNCONFIRMED;
      }
    } catch (IOException | RuntimeException e) {
      // A runtime exception is Elasticsearch's refusal, or an answer that the client cannot read.
      WriteResult result = Trouble.of(config, e).result();
      bulk.forEach(item -> results[item.place()] = result);
    }
  }

  private static BulkRequest request(List<Item> bulk) {
    BulkRequest.Builder request = new BulkRequest.Builder();
    for (Item item : bulk) {
      request.operations(
          operation ->
              operation.create(
                  create ->
                      create
                          .index(item.index())
                          .id(item.event().documentId())
                          .document(item.document())));
    }
    return request.build();
  }

  private WriteResult confirm(Item item, BulkResponseItem answer) {
    if (answer.operationType() != OperationType.Create
        || !item.event().documentId().equals(answer.id())
        || !item.index().equals(answer.index())) {
      return UNCONFIRMED;
    }
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return answer.error() == null ? WriteResult.INDEXED : UNCONFIRMED;
    }
    if (status == 409) {
      return WriteResult.DUPLICATE;
    }
    if (status == 404) {
      indices.forget(item.index());
    }
    return Trouble.ofItem(status, answer.error()).result();
  }

  private void markConflicts(List<NewEvent> events, Set<NewEvent> suspects, WriteResult[] results) {
    List<NewEvent> written = new ArrayList<>();
    for (int place = 0; place < results.length; place++) {
      if (results[place].status() == Status.INDEXED && suspects.contains(events.get(place))) {
        written.add(events.get(place));
      }
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
