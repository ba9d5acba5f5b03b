package dev.bitacora.viewer.web;

import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.Identity;
import dev.bitacora.viewer.access.Login;
import dev.bitacora.viewer.page.Frame;
import dev.bitacora.viewer.page.LoginPage;
import dev.bitacora.viewer.page.Pages;
import dev.bitacora.viewer.page.PasswordPage;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Optional;

/** Signing in and out, and passwords. */
final class SignInHandlers {
  private static final String BY_PASSWORD = "password";
  private static final String BY_LINK = "one-time link";

  private final Access access;
  private final Cookies cookies;
  private final Proxies proxies;
  private final Pages pages;
  private final Frames frames;
  private final Trail trail;

  SignInHandlers(
      Access access, Cookies cookies, Proxies proxies, Pages pages, Frames frames, Trail trail) {
    this.access = access;
    this.cookies = cookies;
    this.proxies = proxies;
    this.pages = pages;
    this.frames = frames;
    this.trail = trail;
  }

  void loginForm(Context ctx) {
    if (Caller.of(ctx).isPresent()) {
      ctx.redirect(frames.after(next(ctx.queryParam("next"))), HttpStatus.SEE_OTHER);
    } else {
      showLogin(ctx, "", next(ctx.queryParam("next")), Optional.empty());
    }
  }

  void login(Context ctx) {
    String name = Optional.ofNullable(ctx.formParam("name")).orElse("").trim();
    String password = Optional.ofNullable(ctx.formParam("password")).orElse("");
    String next = next(ctx.formParam("next"));
    Login login = access.login(name, password, proxies.client(ctx));
    if (login instanceof Login.Granted granted) {
      enter(ctx, granted, BY_PASSWORD);
      ctx.redirect(frames.after(next), HttpStatus.SEE_OTHER);
    } else if (login instanceof Login.Locked locked) {
      trail.loginLocked(ctx, name, BY_PASSWORD);
      tooMany(ctx, locked.pause());
      showLogin(ctx, name, next, Optional.of(waiting(locked.pause())));
    } else {
      trail.loginFailed(ctx, name, "wrong name or password", BY_PASSWORD);
      ctx.status(HttpStatus.FORBIDDEN);
      showLogin(ctx, name, next, Optional.of("Name or password is wrong."));
    }
  }

  /** The link that the first start prints; opening it uses it up, so looking ahead must not. */
  void loginOnce(Context ctx) {
    if (!ctx.method().equals(HandlerType.GET)) {
      return;
    }
    String token = Optional.ofNullable(ctx.queryParam("token")).orElse("");
    Login login = access.loginOnce(token, proxies.client(ctx));
    if (login instanceof Login.Granted granted) {
      enter(ctx, granted, BY_LINK);
      boolean needsPassword = !access.hasPassword(granted.identity().id());
      ctx.redirect(
          frames.links().to(needsPassword ? "/password" : "/events"), HttpStatus.SEE_OTHER);
    } else if (login instanceof Login.Locked locked) {
      trail.loginLocked(ctx, "", BY_LINK);
      tooMany(ctx, locked.pause());
      showLogin(ctx, "", "", Optional.of(waiting(locked.pause())));
    } else {
      trail.loginFailed(ctx, "", "the link was used, replaced or is too old", BY_LINK);
      ctx.status(HttpStatus.FORBIDDEN);
      showLogin(
          ctx,
          "",
          "",
          Optional.of(
              "This link was used already, or is too old. Restart the service for a new one, as long"
                  + " as no password is set."));
    }
  }

  private void enter(Context ctx, Login.Granted granted, String how) {
    cookies.session(ctx).ifPresent(access::logout);
    cookies.setSession(ctx, granted.cookie());
    trail.loggedIn(ctx, granted.identity(), how);
  }

  void logout(Context ctx) {
    trail.loggedOut(ctx);
    cookies.session(ctx).ifPresent(access::logout);
    cookies.removeSession(ctx);
    ctx.redirect(frames.links().to("/login"), HttpStatus.SEE_OTHER);
  }

  void passwordForm(Context ctx) {
    showPassword(ctx, Optional.empty());
  }

  void setPassword(Context ctx) {
    Identity who = signedIn(ctx);
    String password = Optional.ofNullable(ctx.formParam("password")).orElse("");
    Optional<String> problem = problem(ctx, who.id(), password);
    if (problem.isPresent()) {
      ctx.status(HttpStatus.BAD_REQUEST);
      showPassword(ctx, problem);
    } else if (access.setPassword(who.id(), password) instanceof Login.Granted granted) {
      cookies.setSession(ctx, granted.cookie());
      trail.changedPassword(ctx);
      ctx.redirect(frames.links().to("/events"), HttpStatus.SEE_OTHER);
    } else {
      throw Refusal.forbidden("This user does not exist any more.");
    }
  }

  private Optional<String> problem(Context ctx, String user, String password) {
    if (access.hasPassword(user)) {
      String current = Optional.ofNullable(ctx.formParam("current")).orElse("");
      if (!access.isPassword(user, current)) {
        trail.loginFailed(ctx, user, "wrong current password", BY_PASSWORD);
        return Optional.of("The current password is wrong.");
      }
    }
    if (!password.equals(ctx.formParam("repeated"))) {
      return Optional.of("The two new passwords differ.");
    }
    return Access.passwordProblem(password, user);
  }

  private static Identity signedIn(Context ctx) {
    return Caller.of(ctx)
        .filter(caller -> caller.session().isPresent())
        .map(Caller::identity)
        .orElseThrow(() -> Refusal.forbidden("Only people have passwords; a token has none."));
  }

  private void showPassword(Context ctx, Optional<String> problem) {
    boolean isFirst = !access.hasPassword(signedIn(ctx).id());
    Html.send(ctx, pages.render(new PasswordPage(frames.of(ctx), isFirst, problem)));
  }

  private void showLogin(Context ctx, String name, String next, Optional<String> problem) {
    String token = cookies.form(ctx).orElseGet(Access::newFormToken);
    cookies.setForm(ctx, token);
    Frame frame = new Frame(frames.links(), Optional.empty(), token, false);
    Html.send(ctx, pages.render(new LoginPage(frame, name, next, problem)));
  }

  private static void tooMany(Context ctx, Duration wait) {
    ctx.status(HttpStatus.TOO_MANY_REQUESTS)
        .header("Retry-After", String.valueOf(wait.toSeconds() + 1));
  }

  private static String waiting(Duration wait) {
    return "Too many failed attempts. Try again in " + (wait.toSeconds() + 1) + " s.";
  }

  private static String next(String next) {
    return next == null ? "" : next;
  }
}
