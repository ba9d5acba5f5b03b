package dev.bitacora.viewer.web;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.viewer.access.Identity;
import dev.bitacora.viewer.api.Answers;
import dev.bitacora.viewer.search.BadParameterException;
import dev.bitacora.viewer.search.FacetParameters;
import dev.bitacora.viewer.search.Found;
import dev.bitacora.viewer.search.HistogramParameters;
import dev.bitacora.viewer.search.Parameters;
import dev.bitacora.viewer.search.SearchParameters;
import dev.bitacora.viewer.search.Searches;
import dev.bitacora.viewer.search.TooManyQueriesException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The HTTP API, as {@code openapi.yaml} describes it. */
final class ApiHandlers {
  private final Searches searches;
  private final Trail trail;
  private final Clock clock;

  ApiHandlers(Searches searches, Trail trail, Clock clock) {
    this.searches = searches;
    this.trail = trail;
    this.clock = clock;
  }

  void events(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters parameters = Parameters.of(ctx.queryParamMap(), SearchParameters.NAMES);
    SearchParameters asked = SearchParameters.read(parameters, "", clock.instant());
    Found found = searches.search(Caller.identityOf(ctx), asked);
    trail.searched(ctx, asked, found);
    json(ctx, Answers.events(asked, found));
  }

  void event(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters.of(ctx.queryParamMap(), List.of());
    String id = ctx.pathParam("id");
    List<StoredEvent> events = searches.get(Caller.identityOf(ctx), id);
    if (events.isEmpty()) {
      trail.viewedNothing(ctx, id);
      throw Refusal.notFound("There is no event of this id that you may see.");
    }
    trail.viewed(ctx, id, false);
    json(ctx, Answers.event(events));
  }

  void trace(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters.of(ctx.queryParamMap(), List.of());
    String id = ctx.pathParam("id");
    Found found = searches.trace(Caller.identityOf(ctx), id);
    trail.traced(ctx, id, found.total());
    if (found.events().isEmpty()) {
      throw Refusal.notFound("There is no trace of this id that you may see.");
    }
    json(ctx, Answers.trace(id, found));
  }

  void facets(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters parameters = Parameters.of(ctx.queryParamMap(), FacetParameters.NAMES);
    FacetParameters asked = FacetParameters.read(parameters, clock.instant());
    Identity who = Caller.identityOf(ctx);
    Map<FieldName, List<FacetValue>> facets = searches.facets(who, asked);
    trail.counted(ctx, "facets", asked.queryText(), asked.span());
    json(ctx, Answers.facets(asked, facets));
  }

  void histogram(Context ctx) throws BadParameterException, TooManyQueriesException {
    Parameters parameters = Parameters.of(ctx.queryParamMap(), HistogramParameters.NAMES);
    HistogramParameters asked = HistogramParameters.read(parameters, clock.instant());
    List<HistogramBucket> buckets = searches.histogram(Caller.identityOf(ctx), asked);
    trail.counted(ctx, "histogram", asked.queryText(), asked.span());
    json(ctx, Answers.histogram(asked, buckets));
  }

  static void description(Context ctx) {
    try (InputStream yaml = ApiHandlers.class.getResourceAsStream("openapi.yaml")) {
      ctx.contentType("application/yaml; charset=utf-8").result(yaml.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("reading openapi.yaml from the jar", e);
    }
  }

  private static void json(Context ctx, byte[] json) {
    ctx.contentType("application/json").result(json);
  }
}
