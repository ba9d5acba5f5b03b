package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;

import java.util.List;
import java.util.Map;

/** Kibana's objects as their source files have them. */
final class Sources {
  private Sources() {}

  static List<Map<String, Object>> all() {
    return KibanaObjects.IDS.stream().map(KibanaObjects::source).toList();
  }

  static List<Map<String, Object>> ofType(String type) {
    return all().stream().filter(object -> object.get("type").equals(type)).toList();
  }

  static Map<String, Object> controls() {
    Map<String, Object> dashboard = KibanaObjects.source(KibanaObjects.DASHBOARD);
    return map(at(dashboard, "attributes", "controlGroupInput", "panelsJSON"));
  }
}
