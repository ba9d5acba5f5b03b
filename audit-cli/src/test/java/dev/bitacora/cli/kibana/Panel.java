package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;
import static dev.bitacora.cli.kibana.Tree.maps;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A panel of the dashboard as its source file has it. */
record Panel(Map<String, Object> source) {
  /** Names under which a Lens visualization speaks of columns. */
  private static final Set<String> ACCESSORS =
      Set.of(
          "accessors",
          "columnId",
          "metricAccessor",
          "metrics",
          "primaryGroups",
          "secondaryGroups",
          "splitAccessor",
          "valueAccessor",
          "xAccessor",
          "yAccessor");

  static List<Panel> ofDashboard() {
    Map<String, Object> dashboard = KibanaObjects.source(KibanaObjects.DASHBOARD);
    return maps(at(dashboard, "attributes", "panelsJSON")).stream().map(Panel::new).toList();
  }

  static List<Panel> lensOfDashboard() {
    return ofDashboard().stream().filter(panel -> panel.type().equals("lens")).toList();
  }

  String id() {
    return (String) source.get("panelIndex");
  }

  String type() {
    return (String) source.get("type");
  }

  long grid(String name) {
    return (Long) at(source, "gridData", name);
  }

  Map<String, Object> lens() {
    return map(at(source, "embeddableConfig", "attributes"));
  }

  /** Each layer's id and what it computes. */
  Map<String, Object> layers() {
    return map(at(lens(), "state", "datasourceStates", "formBased", "layers"));
  }

  /** The columns of all layers. */
  Map<String, Map<String, Object>> columns() {
    Map<String, Map<String, Object>> columns = new java.util.LinkedHashMap<>();
    layers()
        .values()
        .forEach(
            layer ->
                map(at(layer, "columns"))
                    .forEach((columnId, column) -> columns.put(columnId, map(column))));
    return columns;
  }

  /** The ids of columns that the visualization, orders and formulas speak of. */
  Set<String> columnsSpokenOf() {
    Set<String> ids = new TreeSet<>();
    Tree.walk(
        at(lens(), "state", "visualization"),
        (name, value) -> {
          if (ACCESSORS.contains(name)) {
            ids.addAll(value instanceof List<?> list ? Tree.texts(list) : List.of((String) value));
          }
        });
    for (Map<String, Object> column : columns().values()) {
      if (at(column, "params", "orderBy", "columnId") instanceof String by) {
        ids.add(by);
      }
      if (column.get("references") instanceof List<?> references) {
        ids.addAll(Tree.texts(references));
      }
    }
    return ids;
  }

  /** Its rows and columns of the grid, from 0. */
  boolean overlaps(Panel other) {
    return grid("x") < other.grid("x") + other.grid("w")
        && other.grid("x") < grid("x") + grid("w")
        && grid("y") < other.grid("y") + other.grid("h")
        && other.grid("y") < grid("y") + grid("h");
  }

  /** The row at which the panels above it end. */
  long restsOn(List<Panel> panels) {
    List<Long> bottoms = new ArrayList<>(List.of(0L));
    for (Panel other : panels) {
      boolean shares =
          grid("x") < other.grid("x") + other.grid("w") && other.grid("x") < grid("x") + grid("w");
      long bottom = other.grid("y") + other.grid("h");
      if (shares && bottom <= grid("y")) {
        bottoms.add(bottom);
      }
    }
    return bottoms.stream().max(Long::compare).orElseThrow();
  }

  @Override
  public String toString() {
    return "panel " + id();
  }
}
