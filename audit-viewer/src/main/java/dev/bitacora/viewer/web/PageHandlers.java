package dev.bitacora.viewer.web;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.viewer.access.Identity;
import dev.bitacora.viewer.page.EventPage;
import dev.bitacora.viewer.page.EventsPage;
import dev.bitacora.viewer.page.HelpPage;
import dev.bitacora.viewer.page.Pages;
import dev.bitacora.viewer.page.TracePage;
import dev.bitacora.viewer.search.BadParameterException;
import dev.bitacora.viewer.search.Found;
import dev.bitacora.viewer.search.Overview;
import dev.bitacora.viewer.search.Parameters;
import dev.bitacora.viewer.search.SearchParameters;
import dev.bitacora.viewer.search.Searches;
import dev.bitacora.viewer.search.Surroundings;
import dev.bitacora.viewer.search.TooManyQueriesException;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The auditor's pages. */
final class PageHandlers {
  private final Searches searches;
  private final Pages pages;
  private final Frames frames;
  private final Trail trail;
  private final Clock clock;

  PageHandlers(Searches searches, Pages pages, Frames frames, Trail trail, Clock clock) {
    this.searches = searches;
    this.pages = pages;
    this.frames = frames;
    this.trail = trail;
    this.clock = clock;
  }

  void events(Context ctx) throws TooManyQueriesException {
    SearchParameters asked;
    try {
      Parameters parameters = Parameters.of(ctx.queryParamMap(), SearchParameters.NAMES);
      asked = SearchParameters.read(parameters, EventsPage.DEFAULT_QUERY, clock.instant());
    } catch (BadParameterException e) {
      ctx.status(400);
      Html.send(ctx, pages.render(EventsPage.of(frames.of(ctx), given(ctx), e)));
      return;
    }
    Overview overview = searches.overview(Caller.identityOf(ctx), asked);
    trail.searched(ctx, asked, overview.found());
    Html.send(ctx, pages.render(EventsPage.of(frames.of(ctx), asked, overview)));
  }

  private static Map<String, String> given(Context ctx) {
    Map<String, String> given = new HashMap<>();
    ctx.queryParamMap().forEach((name, values) -> given.put(name, values.get(0)));
    return given;
  }

  void event(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters parameters = Parameters.of(ctx.queryParamMap(), List.of("by", "tz"));
    ZoneId zone = SearchParameters.zone(parameters);
    Identity who = Caller.identityOf(ctx);
    String id = ctx.pathParam("id");
    List<StoredEvent> events = searches.get(who, id);
    if (events.isEmpty()) {
      trail.viewedNothing(ctx, id);
      throw Refusal.notFound("There is no event of this id that you may see.");
    }
    StoredEvent event = events.get(0);
    Optional<String> chosen = Optional.ofNullable(ctx.queryParam("by"));
    String by = chosen.filter(EventPage.AROUND::containsKey).orElse(defaultBy(event));
    Optional<String> value = EventPage.sharedValue(event, by);
    Optional<Surroundings> surroundings = Optional.empty();
    if (value.isPresent()) {
      FieldName field = EventPage.AROUND.get(by);
      surroundings = Optional.of(searches.around(who, event, field, value.get()));
    }
    trail.viewed(ctx, id, chosen.isPresent());
    Html.send(ctx, pages.render(EventPage.of(frames.of(ctx), events, by, surroundings, zone)));
  }

  /** Its own request says most of an event that belongs to one. */
  private static String defaultBy(StoredEvent event) {
    return EventPage.sharedValue(event, "trace").isPresent() ? "trace" : "actor";
  }

  void trace(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters parameters = Parameters.of(ctx.queryParamMap(), List.of("tz"));
    ZoneId zone = SearchParameters.zone(parameters);
    String id = ctx.pathParam("id");
    Found found = searches.trace(Caller.identityOf(ctx), id);
    trail.traced(ctx, id, found.total());
    if (found.events().isEmpty()) {
      throw Refusal.notFound("There is no trace of this id that you may see.");
    }
    Html.send(ctx, pages.render(TracePage.of(frames.of(ctx), id, found, zone)));
  }

  void help(Context ctx) {
    Html.send(ctx, pages.render(HelpPage.of(frames.of(ctx))));
  }
}
