package dev.bitacora.viewer.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The viewer's addresses below its base path.
 *
 * @param base empty, or {@code /logs}
 * @param version changes with the assets, which browsers may keep
 */
public record Links(String base, String version) {

  public String to(String path) {
    return base + path;
  }

  /** A path and its parameters; those without a value are left out. */
  public String to(String path, Map<String, String> parameters) {
    StringBuilder link = new StringBuilder(base).append(path);
    char separator = '?';
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      link.append(separator)
          .append(parameter.getKey())
          .append('=')
          .append(encode(parameter.getValue()));
      separator = '&';
    }
    return link.toString();
  }

  public String asset(String name) {
    return base + "/assets/" + version + "/" + name;
  }

  public String event(String id) {
    return base + "/events/" + encode(id);
  }

  public String trace(String id) {
    return base + "/traces/" + encode(id);
  }

  /** A search for this query in the time that is searched by default. */
  public String search(String query) {
    return to("/events", Map.of("q", query));
  }

  /** A search for this query in this time. */
  public String search(String query, String from) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", query);
    parameters.put("from", from);
    return to("/events", parameters);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
