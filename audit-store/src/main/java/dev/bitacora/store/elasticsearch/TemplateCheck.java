package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.json.JsonData;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether Elasticsearch holds the templates that this program was built with. Without them an index
 * would come into being with guessed types; with newer ones this program would write what it does
 * not know.
 */
final class TemplateCheck {
  private static final String VERSION_KEY = "version";

  private TemplateCheck() {}

  /**
   * What is wrong and what to do; empty when all is well.
   *
   * @throws ElasticsearchException when the server refuses to say
   */
  static Optional<String> problem(ElasticsearchClient client) throws IOException {
    return metas(client).entrySet().stream()
        .flatMap(meta -> problem(meta.getKey(), meta.getValue()).stream())
        .findFirst();
  }

  /** The same, where only templates newer than ours are wrong. */
  static Optional<String> newer(ElasticsearchClient client) throws IOException {
    return metas(client).entrySet().stream()
        .filter(meta -> meta.getValue().filter(m -> version(m) > Templates.VERSION).isPresent())
        .flatMap(meta -> problem(meta.getKey(), meta.getValue()).stream())
        .findFirst();
  }

  private static Map<String, Optional<Map<String, JsonData>>> metas(ElasticsearchClient client)
      throws IOException {
    Map<String, Optional<Map<String, JsonData>>> metas = new LinkedHashMap<>();
    for (String name : Templates.COMPONENTS) {
      metas.put("component template " + name, componentMeta(client, name));
    }
    metas.put("index template " + Templates.INDEX_TEMPLATE, indexMeta(client));
    return metas;
  }

  /** What is wrong with a thing of ours that carries this {@code _meta}. */
  static Optional<String> problem(String thing, Optional<Map<String, JsonData>> meta) {
    if (meta.isEmpty()) {
      return Optional.of("Elasticsearch has no " + thing + "; run setup");
    }
    long version = version(meta.get());
    if (version == Templates.VERSION) {
      return Optional.empty();
    }
    return Optional.of(
        "%s has version %d, this program needs %d; %s"
            .formatted(
                thing,
                version,
                Templates.VERSION,
                version < Templates.VERSION
                    ? "run setup of this version"
                    : "it was set up by a newer program: run that version"));
  }

  private static long version(Map<String, JsonData> meta) {
    JsonData version = meta.get(VERSION_KEY);
    return version == null ? 0 : version.to(Long.class);
  }

  private static Optional<Map<String, JsonData>> componentMeta(
      ElasticsearchClient client, String name) throws IOException {
    try {
      return client
          .cluster()
          .getComponentTemplate(get -> get.name(name))
          .componentTemplates()
          .stream()
          .findFirst()
          .map(template -> template.componentTemplate().meta());
    } catch (ElasticsearchException e) {
      return absent(e);
    }
  }

  private static Optional<Map<String, JsonData>> indexMeta(ElasticsearchClient client)
      throws IOException {
    try {
      return client
          .indices()
          .getIndexTemplate(get -> get.name(Templates.INDEX_TEMPLATE))
          .indexTemplates()
          .stream()
          .findFirst()
          .map(template -> template.indexTemplate().meta());
    } catch (ElasticsearchException e) {
      return absent(e);
    }
  }

  private static Optional<Map<String, JsonData>> absent(ElasticsearchException e) {
    if (e.status() == 404) {
      return Optional.empty();
    }
    throw e;
  }
}
