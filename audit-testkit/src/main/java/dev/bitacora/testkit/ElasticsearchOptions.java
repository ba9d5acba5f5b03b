package dev.bitacora.testkit;

import java.util.List;
import java.util.Map;

/**
 * How an {@link ElasticsearchNode} is to be started.
 *
 * @param heapMegabytes the node's heap; 512 by default
 * @param secured whether users must log in; off by default. A secured node also has a superuser,
 *     {@link ElasticsearchNode#admin()}
 * @param roles name → definition as JSON, as the role API takes it
 * @param tls whether the node speaks HTTPS, with a certificate of its own: {@link
 *     ElasticsearchNode#caFile()}
 */
public record ElasticsearchOptions(
    int heapMegabytes,
    boolean secured,
    Map<String, String> roles,
    List<ElasticsearchUser> users,
    boolean tls) {
  public ElasticsearchOptions {
    roles = Map.copyOf(roles);
    users = List.copyOf(users);
    if (heapMegabytes < 256) {
      throw new IllegalArgumentException(
          "heapMegabytes: a node does not start with less than 256, found " + heapMegabytes);
    }
    if (tls && !secured) {
      throw new IllegalArgumentException("tls: a node without users does not speak HTTPS");
    }
  }

  /** Open to everyone on this machine, 512 MB of heap. */
  public static ElasticsearchOptions plain() {
    return new ElasticsearchOptions(512, false, Map.of(), List.of(), false);
  }

  /** With security on and these roles and users beside the superuser. */
  public static ElasticsearchOptions secured(
      Map<String, String> roles, ElasticsearchUser... users) {
    return new ElasticsearchOptions(512, true, roles, List.of(users), false);
  }

  /** The same with HTTPS. */
  public ElasticsearchOptions withTls() {
    return new ElasticsearchOptions(heapMegabytes, secured, roles, users, true);
  }

  /** The same with another heap. */
  public ElasticsearchOptions withHeapMegabytes(int megabytes) {
    return new ElasticsearchOptions(megabytes, secured, roles, users, tls);
  }
}
