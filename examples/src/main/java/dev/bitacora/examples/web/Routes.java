package dev.bitacora.examples.web;

import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;

/** What a component serves. */
public final class Routes {
  record Route(HandlerType method, String path, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();

  public Routes get(String path, Handler handler) {
    return add(HandlerType.GET, path, handler);
  }

  public Routes post(String path, Handler handler) {
    return add(HandlerType.POST, path, handler);
  }

  public Routes put(String path, Handler handler) {
    return add(HandlerType.PUT, path, handler);
  }

  public Routes delete(String path, Handler handler) {
    return add(HandlerType.DELETE, path, handler);
  }

  private Routes add(HandlerType method, String path, Handler handler) {
    routes.add(new Route(method, path, handler));
    return this;
  }

  List<Route> all() {
    return routes;
  }
}
