package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The points in time that somebody is paging through, by name. A page's cursor carries the name,
 * since Elasticsearch's own id grows with every shard and does not fit a URL. At most {@link
 * #MAX_OPEN} are kept; whoever comes back for a closed one gets a new one. Safe for any thread.
 */
final class Snapshots {
  static final Time KEEP_ALIVE = Time.of(time -> time.time("2m"));

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final int MAX_OPEN = 100;

  private final ElasticsearchClient client;
  private final Map<String, String> open = new LinkedHashMap<>(16, 0.75f, true);

  Snapshots(ElasticsearchClient client) {
    this.client = client;
  }

  /** A point in time of its own. The caller closes or names it. */
  String open() throws IOException {
    return client
        .openPointInTime(
            request ->
                request
                    .index(Reader.INDICES)
                    .keepAlive(KEEP_ALIVE)
                    .ignoreUnavailable(true)
                    .allowPartialSearchResults(true))
        .id();
  }

  synchronized Optional<String> find(String name) {
    return Optional.ofNullable(open.get(name));
  }

  /** Keeps a point in time for the next page; returns its name. */
  String keep(Optional<String> name, String id) {
    String kept = name.orElseGet(() -> UUID.randomUUID().toString());
    List<String> surplus = new ArrayList<>();
    synchronized (this) {
      open.put(kept, id);
      while (open.size() > MAX_OPEN) {
        String eldest = open.keySet().iterator().next();
        surplus.add(open.remove(eldest));
      }
    }
    surplus.forEach(this::close);
    return kept;
  }

  /** Closes one that is no longer needed. */
  void close(Optional<String> name, String id) {
    synchronized (this) {
      name.ifPresent(open::remove);
    }
    close(id);
  }

  void close(String id) {
    try {
      client.closePointInTime(request -> request.id(id));
    } catch (IOException | ElasticsearchException e) {
      LOG.debug("elasticsearch: a point in time was not closed and will expire: {}", e.toString());
    }
  }

  /** Closes all; what is still in use is opened again by whoever needs it. */
  void closeAll() {
    List<String> all;
    synchronized (this) {
      all = List.copyOf(open.values());
      open.clear();
    }
    all.forEach(this::close);
  }
}
