package dev.bitacora.viewer.web;

import dev.bitacora.store.StoreException;
import dev.bitacora.viewer.api.Problem;
import dev.bitacora.viewer.page.Pages;
import dev.bitacora.viewer.page.ProblemPage;
import dev.bitacora.viewer.page.Visible;
import dev.bitacora.viewer.search.BadParameterException;
import dev.bitacora.viewer.search.TooManyQueriesException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an answer: a problem document for programs, a page for people. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final Pages pages;
  private final Frames frames;

  Failures(Pages pages, Frames frames) {
    this.pages = pages;
    this.frames = frames;
  }

  void install(RoutesConfig routes) {
    routes.exception(Refusal.class, (e, ctx) -> answer(ctx, e.problem()));
    routes.exception(BadParameterException.class, (e, ctx) -> answer(ctx, badParameter(e)));
    routes.exception(TooManyQueriesException.class, (e, ctx) -> answer(ctx, tooMany(ctx, e)));
    routes.exception(StoreException.class, (e, ctx) -> answer(ctx, noAnswer(e)));
    routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, byServer(e)));
    routes.exception(Exception.class, (e, ctx) -> answer(ctx, unexpected(ctx, e)));
  }

  static boolean isApi(Context ctx) {
    return ctx.path().startsWith(ctx.contextPath() + "/api/");
  }

  private static Problem badParameter(BadParameterException e) {
    Problem problem =
        Problem.of(400, "Bad parameter", e.getMessage()).with("parameter", e.parameter());
    return e.column().isPresent() ? problem.with("column", e.column().getAsInt()) : problem;
  }

  private static Problem tooMany(Context ctx, TooManyQueriesException e) {
    ctx.header("Retry-After", "1");
    return Problem.of(429, "Too many queries at once", e.getMessage());
  }

  private static Problem noAnswer(StoreException e) {
    if (e instanceof StoreException.BadCursor) {
      return Problem.of(400, "Bad parameter", e.getMessage()).with("parameter", "after");
    }
    if (e instanceof StoreException.TimedOut) {
      return Problem.of(504, "The query took too long", e.getMessage());
    }
    LOG.warn("viewer: the store gives no answer: {}", e.getMessage());
    return Problem.of(503, "The store gives no answer", e.getMessage());
  }

  private static Problem byServer(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404 -> Problem.of(404, "Not found", "There is nothing at this address.");
      case 405 -> Problem.of(405, "Wrong method", "This address does not know this method.");
      case 413 -> Problem.of(413, "Too large", "The request's body is too large.");
      default -> Problem.of(e.getStatus(), "Refused", String.valueOf(e.getMessage()));
    };
  }

  private static Problem unexpected(Context ctx, Exception e) {
    String number = UUID.randomUUID().toString();
    LOG.error("viewer: {} {} failed, number {}", ctx.method(), ctx.path(), number, e);
    return new Problem(
        500,
        "Something went wrong",
        "The viewer failed to answer. Its log has the reason under this number: " + number,
        Map.of("number", number));
  }

  private void answer(Context ctx, Problem problem) {
    UnreadBody.discard(ctx);
    ctx.status(problem.status());
    if (isApi(ctx)) {
      if (problem.status() == 401) {
        ctx.header("WWW-Authenticate", "Bearer realm=\"bitacora\"");
      }
      ctx.contentType(Problem.CONTENT_TYPE).result(problem.json());
    } else if (problem.status() == 401) {
      ctx.header("Location", frames.login(ctx)).status(303);
    } else {
      ProblemPage page =
          new ProblemPage(
              frames.of(ctx), problem.status(), problem.title(), Visible.of(problem.detail()));
      Html.send(ctx, pages.render(page));
    }
  }
}
