package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * Installs what the store needs: index templates and roles. Safe to repeat: ours are put again,
 * what is the operator's is made once and never touched. Needs a user who may manage templates and
 * roles; the service itself does not.
 */
public final class ElasticsearchSetup {
  private static final int NOT_FOUND = 404;
  private static final int BAD_REQUEST = 400;

  private final ElasticsearchConfig config;

  public ElasticsearchSetup(ElasticsearchConfig config) {
    this.config = config;
  }

  /**
   * What was done about one object.
   *
   * @param object such as {@code component template bitacora-audit@mappings}
   */
  public record Step(String object, Outcome outcome) {}

  /** What was done. */
  public enum Outcome {
    CREATED,
    UPDATED,
    /** It is the operator's and was there. */
    KEPT,
    /** Elasticsearch runs without security, so there are no roles. */
    NOT_NEEDED,
    /** Another template, or the operator's component, makes new indices other than ours does. */
    OVERRULED
  }

  /**
   * Installs everything.
   *
   * @throws StoreException at the first object that cannot be installed, naming it and saying what
   *     to do; also when a newer program has set up this cluster
   */
  public List<Step> run() {
    List<Step> steps = new ArrayList<>(installTemplates());
    steps.addAll(installRoles());
    return steps;
  }

  /**
   * Installs all but the roles, where those are managed elsewhere.
   *
   * @throws StoreException as {@link #run} does
   */
  public List<Step> installTemplates() {
    try (Connection connection = Connection.open(config)) {
      requireNotNewer(connection);
      RestClient rest = connection.rest();
      List<Step> steps = new ArrayList<>();
      for (String name : Templates.COMPONENTS) {
        steps.add(putTemplate(rest, "component", name, Templates.component(name)));
      }
      steps.add(
          exists(rest, path("component", Templates.CUSTOM))
              ? new Step("component template " + Templates.CUSTOM, Outcome.KEPT)
              : putTemplate(
                  rest, "component", Templates.CUSTOM, Templates.component(Templates.CUSTOM)));
      steps.add(putTemplate(rest, "index", Templates.INDEX_TEMPLATE, Templates.indexTemplate()));
      Templates.EXAMPLES.forEach(index -> overruled(rest, index).ifPresent(steps::add));
      return steps;
    }
  }

  private List<Step> installRoles() {
    try (Connection connection = Connection.open(config)) {
      return Templates.ROLES.stream().map(name -> putRole(connection.rest(), name)).toList();
    }
  }

  private void requireNotNewer(Connection connection) {
    try {
      Optional<String> newer = TemplateCheck.newer(connection.reading());
      if (newer.isPresent()) {
        throw new StoreException("setup: " + newer.get());
      }
    } catch (IOException | ElasticsearchException e) {
      throw Trouble.unanswered("setup: reading the templates", config, e);
    }
  }

  private Step putTemplate(RestClient rest, String kind, String name, String body) {
    String object = kind + " template " + name;
    boolean there = exists(rest, path(kind, name));
    try {
      perform(rest, "PUT", path(kind, name), body);
      return new Step(object, there ? Outcome.UPDATED : Outcome.CREATED);
    } catch (IOException e) {
      throw Trouble.unanswered("setup: " + object, config, e);
    }
  }

  /** What Elasticsearch would make of a new index is asked of itself: many templates may match. */
  private Optional<Step> overruled(RestClient rest, String index) {
    String path = "/_index_template/_simulate_index/" + index;
    try {
      Response response = perform(rest, "POST", path, null);
      return NewIndex.read(response.getEntity().getContent())
          .trouble()
          .map(trouble -> new Step("new index " + index + " (" + trouble + ")", Outcome.OVERRULED));
    } catch (IOException e) {
      throw Trouble.unanswered("setup: asking for the shape of a new " + index, config, e);
    }
  }

  private Step putRole(RestClient rest, String name) {
    String object = "role " + name;
    try {
      Response response = perform(rest, "PUT", "/_security/role/" + name, Templates.role(name));
      String answer =
          new String(response.getEntity().getContent().readAllBytes(), StandardCharsets.UTF_8);
      boolean created = answer.contains("\"created\":true");
      return new Step(object, created ? Outcome.CREATED : Outcome.UPDATED);
    } catch (ResponseException e) {
      if (isWithoutSecurity(e)) {
        return new Step(object, Outcome.NOT_NEEDED);
      }
      throw Trouble.unanswered("setup: " + object, config, e);
    } catch (IOException e) {
      throw Trouble.unanswered("setup: " + object, config, e);
    }
  }

  /** A node without security does not know the path at all. */
  private static boolean isWithoutSecurity(ResponseException e) {
    return e.getResponse().getStatusLine().getStatusCode() == BAD_REQUEST
        && e.getMessage().contains("no handler found");
  }

  private boolean exists(RestClient rest, String path) {
    try {
      return perform(rest, "HEAD", path, null).getStatusLine().getStatusCode() != NOT_FOUND;
    } catch (IOException e) {
      throw Trouble.unanswered("setup: looking for " + path, config, e);
    }
  }

  private static String path(String kind, String name) {
    return "/_" + kind + "_template/" + name;
  }

  private static Response perform(RestClient rest, String method, String path, String body)
      throws IOException {
    Request request = new Request(method, path);
    if (body != null) {
      request.setJsonEntity(body);
    }
    return rest.performRequest(request);
  }
}
