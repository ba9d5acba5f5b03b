package dev.bitacora.collector.http;

import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.health.Health;
import dev.bitacora.core.json.JsonWriter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.security.RouteRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /health/live}, {@code /health/ready} (200 or 503, with the reasons) and {@code
 * /metrics} (Prometheus text), for whichever server hosts them.
 */
public final class OperationsRoutes {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Health health;
  private final Supplier<String> metrics;

  /**
   * @param metrics gives the metrics as Prometheus text
   */
  public OperationsRoutes(Health health, Supplier<String> metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  /** Adds the routes, open to these roles. */
  public void install(RoutesConfig routes, RouteRole... roles) {
    routes.get("/health/live", ctx -> answer(ctx, health.live()), roles);
    routes.get("/health/ready", ctx -> answer(ctx, health.ready()), roles);
    routes.get("/metrics", ctx -> ctx.contentType(PROMETHEUS).result(metrics.get()), roles);
  }

  private static void answer(Context ctx, Map<String, Condition> conditions) {
    boolean up = Health.isUp(conditions);
    Map<String, Object> parts = new LinkedHashMap<>();
    conditions.forEach((part, condition) -> parts.put(part, part(condition)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status(up));
    body.put("parts", parts);
    ctx.status(up ? 200 : 503).contentType("application/json").result(JsonWriter.toBytes(body));
  }

  private static Map<String, Object> part(Condition condition) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("status", status(condition.up()));
    part.put("reason", condition.reason());
    return part;
  }

  private static String status(boolean up) {
    return up ? "UP" : "DOWN";
  }
}
