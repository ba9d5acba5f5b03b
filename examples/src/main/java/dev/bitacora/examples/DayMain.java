package dev.bitacora.examples;

import dev.bitacora.examples.day.Day;
import dev.bitacora.examples.landscape.Deployed;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes people use components that run elsewhere, until it is stopped:
 *
 * <pre>
 * DayMain ENVIRONMENT/COMPONENT=URL…     an api and a cache at least in each environment
 * </pre>
 *
 * Begins with eight hours that it invents. Exit code 3 for wrong usage.
 */
public final class DayMain {
  private static final int WRONG_USAGE = 3;
  private static final Duration BEFORE = Duration.ofHours(8);

  private DayMain() {}

  public static void main(String[] words) {
    Day day;
    try {
      day = new Day(components(words), System.nanoTime());
    } catch (IllegalArgumentException e) {
      System.err.println("bitacora-examples: " + e.getMessage());
      System.exit(WRONG_USAGE);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(day::close, "close-day"));
    day.recordHistory(BEFORE);
    day.run();
  }

  private static List<Deployed> components(String[] words) {
    List<Deployed> components = new ArrayList<>();
    for (String word : words) {
      int slash = word.indexOf('/');
      int equals = word.indexOf('=');
      if (slash < 0 || equals < slash) {
        throw new IllegalArgumentException(
            "expected ENVIRONMENT/COMPONENT=URL, found \"" + word + "\"");
      }
      components.add(
          new Deployed(
              word.substring(slash + 1, equals),
              word.substring(0, slash),
              URI.create(word.substring(equals + 1))));
    }
    if (components.isEmpty()) {
      throw new IllegalArgumentException("ENVIRONMENT/COMPONENT=URL is missing");
    }
    return components;
  }
}
