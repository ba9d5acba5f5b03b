package dev.bitacora.cli.kibana;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Puts our data views, saved searches and dashboard into Kibana. Safe to repeat: our objects are
 * overwritten, everybody else's are not touched. Not thread-safe.
 */
public final class KibanaSetup {
  private static final Duration STARTING = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private final URI url;
  private final KibanaLogin login;
  private final Optional<Path> ca;
  private final Duration patience;
  private final Duration pause;

  /**
   * @param url Kibana's address, with its base path when it has one
   * @param ca PEM file of the authority that signed its certificate; the JDK's when empty
   */
  public KibanaSetup(URI url, KibanaLogin login, Optional<Path> ca) {
    this(url, login, ca, STARTING, BETWEEN_LOOKS);
  }

  KibanaSetup(URI url, KibanaLogin login, Optional<Path> ca, Duration patience, Duration pause) {
    this.url = url;
    this.login = login;
    this.ca = ca;
    this.patience = patience;
    this.pause = pause;
  }

  /**
   * Waits while Kibana starts, three minutes at most, and imports.
   *
   * @return what was done, one line each, to stand behind the word kibana
   * @throws KibanaException when not every object is in Kibana now
   */
  public List<String> install() throws KibanaException {
    KibanaClient kibana = new KibanaClient(url, login, ca);
    String version = kibana.awaitAvailable(patience, pause);
    requireBaseline(version);
    requireAll(kibana.importObjects(KibanaObjects.ndjson()));
    return List.of(
        "objects " + names() + ": imported into " + version,
        "dashboard: " + kibana.address("/app/dashboards#/view/" + KibanaObjects.DASHBOARD));
  }

  private static String names() {
    return String.join(", ", KibanaObjects.IDS);
  }

  private void requireBaseline(String number) throws KibanaException {
    boolean taken =
        KibanaVersion.parse(number)
            .map(version -> version.takesObjectsOf(KibanaObjects.BASELINE))
            .orElse(false);
    if (!taken) {
      throw new KibanaException(
          "Kibana at "
              + url
              + " is version "
              + number
              + "; our objects need "
              + KibanaObjects.BASELINE
              + " or a newer 8.x, or 9.x; nothing was imported");
    }
  }

  private void requireAll(Map<String, Object> answer) throws KibanaException {
    long imported = answer.get("successCount") instanceof Long count ? count : 0;
    if (!Boolean.TRUE.equals(answer.get("success")) || imported != KibanaObjects.IDS.size()) {
      throw new KibanaException(
          "Kibana at "
              + url
              + " imported "
              + imported
              + " of "
              + KibanaObjects.IDS.size()
              + " objects"
              + reasons(answer.get("errors"))
              + "; setup can be repeated");
    }
  }

  private static String reasons(Object errors) {
    if (!(errors instanceof List<?> list) || list.isEmpty()) {
      return "";
    }
    return list.stream()
        .map(error -> error instanceof Map<?, ?> object ? reason(object) : "an unnamed object")
        .collect(Collectors.joining("; ", ": ", ""));
  }

  /** Kibana's error types and what belongs to them: references, a message. */
  private static String reason(Map<?, ?> object) {
    Object error = object.get("error");
    String why = "no reason given";
    if (error instanceof Map<?, ?> details) {
      why = String.valueOf(details.get("type"));
      why += details.get("message") instanceof String message ? ", " + message : "";
      why += details.get("references") instanceof List<?> list ? ", " + references(list) : "";
    }
    return object.get("type") + " " + object.get("id") + " (" + why + ")";
  }

  private static String references(List<?> references) {
    return references.stream()
        .map(r -> r instanceof Map<?, ?> to ? to.get("type") + " " + to.get("id") : "?")
        .collect(Collectors.joining(", "));
  }
}
