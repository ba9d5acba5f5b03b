package dev.bitacora.viewer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.viewer.access.NewToken;
import dev.bitacora.viewer.access.Role;
import dev.bitacora.viewer.testing.Client;
import dev.bitacora.viewer.testing.Journal;
import dev.bitacora.viewer.testing.Samples;
import dev.bitacora.viewer.testing.ViewerFixture;
import io.javalin.http.Handler;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The matrix of roles and routes, from the server's own route table. */
class RolesAndRoutesTest {
  @TempDir Path directory;
  private ViewerFixture viewer;
  private String event;

  @BeforeEach
  void start() {
    viewer = new ViewerFixture(directory);
    Journal journal = new Journal();
    new Samples(Instant.now()).request().forEach(e -> event = journal.add(e));
    journal.writeTo(viewer.store());
  }

  @AfterEach
  void stop() {
    viewer.close();
  }

  @Test
  void everyRoute_forEveryRole_answersAsItsRoleSays() {
    Map<Role, String> tokens = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      tokens.put(role, viewer.access().createToken(NewToken.of(role, role.text() + "-x")));
    }
    List<String> wrong = new ArrayList<>();
    for (RouteTable.Route route : viewer.server().routes()) {
      for (Role role : Role.values()) {
        int status = ask(viewer.client().withToken(tokens.get(role)), route);
        boolean refused = status == 403 && !isAboutPasswords(route);
        if (refused == isAllowed(route, role)) {
          wrong.add(role + " " + route + " → " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyRoute_withoutCredentials_isOpenOnlyWhereItSaysSo() {
    for (RouteTable.Route route : viewer.server().routes()) {
      int status = ask(viewer.client(), route);
      boolean isApi = route.path().startsWith("/api/");
      if (route.access() != RouteAccess.ANYONE) {
        assertThat(status).as(route.toString()).isEqualTo(isApi ? 401 : 303);
      } else {
        assertThat(status).as(route.toString()).isNotEqualTo(401);
      }
    }
  }

  @Test
  void theTable_hasTheRoutesOfTheDesign() {
    assertThat(viewer.server().routes())
        .extracting(route -> route.method() + " " + route.path())
        .contains(
            "GET /events",
            "GET /events/{id}",
            "GET /traces/{id}",
            "GET /api/v1/events",
            "GET /api/v1/events/{id}",
            "GET /api/v1/traces/{id}",
            "GET /api/v1/facets",
            "GET /api/v1/histogram",
            "POST /api/v1/intake",
            "POST /api/v1/dead-letters/replay",
            "GET /health/live");
  }

  @Test
  void aServer_withARouteWithoutARole_isNotBuilt() {
    Handler handler = ctx -> ctx.result("oops");
    ViewerServer.Hosted careless =
        new ViewerServer.Hosted(
            Optional.empty(), (routes, anyone) -> routes.get("/debug", handler));
    assertThatThrownBy(
            () ->
                new ViewerServer(
                    ViewerConfig.at("127.0.0.1", 0),
                    viewer.store(),
                    viewer.access(),
                    viewer.log(),
                    careless))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("GET /debug");
  }

  @Test
  void admin_alone_cannotReadEvents() {
    String token = viewer.access().createToken(NewToken.of(Role.ADMIN, "boss"));
    Client admin = viewer.client().withToken(token);
    assertThat(admin.get("/api/v1/events").status()).isEqualTo(403);
    assertThat(admin.get("/api/v1/events/" + event).status()).isEqualTo(403);
    assertThat(admin.get("/events").status()).isEqualTo(403);
  }

  private static boolean isAllowed(RouteTable.Route route, Role role) {
    return switch (route.access()) {
      case ANYONE, ANY_ROLE -> true;
      case COMPONENT -> role == Role.COMPONENT;
      case ADMIN -> role == Role.ADMIN;
      case READER -> role == Role.READER || role == Role.AUDITOR || role == Role.EXPORTER;
    };
  }

  /** A token has no password: 403 there says so, whatever the role. */
  private static boolean isAboutPasswords(RouteTable.Route route) {
    return route.path().contains("password") || route.path().contains("login");
  }

  private int ask(Client client, RouteTable.Route route) {
    String path =
        route
            .path()
            .replace("/traces/{id}", "/traces/" + Samples.TRACE)
            .replace("{id}", event)
            .replace("{version}", "x")
            .replace("{name}", "icon.svg");
    return client
        .send(route.method(), path, HttpRequest.BodyPublishers.ofString(""), Map.of())
        .status();
  }
}
