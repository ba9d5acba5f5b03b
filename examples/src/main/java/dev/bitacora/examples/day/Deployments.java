package dev.bitacora.examples.day;

import dev.bitacora.examples.landscape.Deployed;
import dev.bitacora.examples.people.People;
import dev.bitacora.examples.web.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * New versions on their way from dev over uat to prd. One is certified in uat and never reaches
 * prd, as it happens.
 */
final class Deployments {
  /** Records that one makes: start, log line, deployment. */
  static final int RECORDS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private record Step(String environment, String component, String version) {}

  private static final List<Step> PLAN =
      List.of(
          new Step("dev", "api", "1.7.0"),
          new Step("uat", "api", "1.6.0"),
          new Step("uat", "cache", "2.3.0"),
          new Step("prd", "api", "1.5.0"),
          new Step("dev", "assistant", "0.9.1"),
          new Step("uat", "assistant", "0.9.0"));

  private final Browser browser;
  private final List<Deployed> components;
  private int done;

  Deployments(Browser browser, List<Deployed> components) {
    this.browser = browser;
    this.components = components;
  }

  boolean hasNext() {
    return done < PLAN.size();
  }

  /** Deploys the next version and waits until it serves. */
  void next() {
    Step step = PLAN.get(done++);
    Optional<URI> component =
        components.stream()
            .filter(c -> c.environment().equals(step.environment()))
            .filter(c -> c.name().equals(step.component()))
            .map(Deployed::url)
            .findFirst();
    if (component.isPresent()) {
      deploy(component.get(), step.version());
    }
  }

  private void deploy(URI component, String version) {
    order(component, version);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!serves(component, version)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(component + " does not come back as version " + version);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void order(URI component, String version) {
    Map<String, Object> body = Map.of("version", version);
    try {
      browser.post(component, "/demo/deployment", body, Optional.of(People.operator()));
    } catch (UncheckedIOException e) {
      // the server may have ended before its answer was sent; what follows asks for the version
    }
  }

  private boolean serves(URI component, String version) {
    try {
      Answer answer = browser.probe(component, "/demo/recorded");
      return answer.text("version").equals(version)
          && answer.body().get("deploying") == Boolean.FALSE;
    } catch (UncheckedIOException e) {
      return false; // between two versions nothing listens
    }
  }
}
