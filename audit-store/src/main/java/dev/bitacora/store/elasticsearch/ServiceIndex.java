package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An index in which the service keeps something of its own, beside the events. Safe for any thread
 * between {@link #start} and {@link #close}; connects only when asked something.
 */
final class ServiceIndex implements AutoCloseable {
  private static final int PAGE = 200;

  private final ElasticsearchConfig config;
  private final String name;
  private final String content;
  private volatile Connection connection;

  /**
   * An index that is not open yet.
   *
   * @param content for errors: what is kept there
   */
  ServiceIndex(ElasticsearchConfig config, String name, String content) {
    this.config = config;
    this.name = name;
    this.content = content;
  }

  /**
   * Prepares the connection.
   *
   * @throws StoreException when the CA file cannot be used
   */
  synchronized void start() {
    if (connection == null) {
      connection = Connection.open(config);
    }
  }

  /** Makes it, unless it is there. */
  void create(String body) throws IOException {
    try {
      client().indices().create(create -> create.index(name).withJson(new StringReader(body)));
    } catch (ElasticsearchException e) {
      if (!"resource_already_exists_exception".equals(e.error().type())) {
        throw e;
      }
    }
  }

  ElasticsearchClient client() {
    Connection open = connection;
    if (open == null) {
      throw new StoreException(content + " on " + config.where() + " is not open");
    }
    return open.reading();
  }

  /**
   * Goes through the documents by their field {@code id}, page after page, whatever is deleted
   * behind it.
   *
   * @param doing what is tried, for errors
   * @param id a document's field {@code id}
   * @param narrowed adds to the search what only its caller wants
   */
  <T> void forEach(
      String doing,
      Class<T> type,
      Function<T, String> id,
      UnaryOperator<SearchRequest.Builder> narrowed,
      Consumer<Hit<T>> visitor) {
    String last = "";
    List<Hit<T>> page;
    do {
      String after = last;
      page = answer(doing, () -> page(type, narrowed, after));
      for (Hit<T> hit : page) {
        last = id.apply(hit.source());
        visitor.accept(hit);
      }
    } while (page.size() == PAGE);
  }

  private <T> List<Hit<T>> page(
      Class<T> type, UnaryOperator<SearchRequest.Builder> narrowed, String after)
      throws IOException {
    SearchResponse<T> found =
        client()
            .search(
                search ->
                    narrowed.apply(
                        search
                            .index(name)
                            .ignoreUnavailable(true)
                            .sort(sort -> sort.field(id -> id.field("id").order(SortOrder.Asc)))
                            .searchAfter(after)
                            .size(PAGE)),
                type);
    Answers.requireComplete(Answers.completeness(found));
    return found.hits().hits();
  }

  /** What is asked of the server. */
  interface Asking<T> {
    T ask() throws IOException;
  }

  /**
   * The server's answer.
   *
   * @param doing what is tried, for errors
   */
  <T> T answer(String doing, Asking<T> asking) {
    try {
      return asking.ask();
    } catch (IOException | ElasticsearchException e) {
      throw Trouble.unanswered(doing, config, e);
    }
  }

  /** Idempotent. */
  @Override
  public synchronized void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
