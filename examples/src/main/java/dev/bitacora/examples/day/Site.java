package dev.bitacora.examples.day;

import dev.bitacora.examples.landscape.Deployed;
import java.net.URI;
import java.util.List;

/** One environment as its users see it. */
record Site(String environment, URI api, URI cache) {
  static Site of(String environment, List<Deployed> components) {
    return new Site(
        environment, find("api", environment, components), find("cache", environment, components));
  }

  private static URI find(String name, String environment, List<Deployed> components) {
    return components.stream()
        .filter(c -> c.name().equals(name) && c.environment().equals(environment))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + name + " runs in " + environment))
        .url();
  }
}
