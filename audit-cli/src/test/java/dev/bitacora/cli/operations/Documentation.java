package dev.bitacora.cli.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/operations.md says, as far as tests hold it to the program. */
final class Documentation {
  static final Path ROOT = Path.of(System.getProperty("bitacora.root"));
  private static final String DOCUMENT = "docs/operations.md";
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|([^|]*)\\| [^|]{4,} \\|$");
  private static final Pattern LABEL = Pattern.compile("`(\\w+)`");
  private static final Pattern HEADING = Pattern.compile("(?m)^### (Bitacora\\w+)$");

  private Documentation() {}

  /** A metric with its type and the names of its labels. */
  record Metric(String name, String type, Set<String> labels) {}

  static Set<Metric> metrics() {
    String text = read(DOCUMENT);
    String table = text.substring(text.indexOf("<!-- metrics:"), text.indexOf("<!-- /metrics -->"));
    Set<Metric> metrics = new HashSet<>();
    Matcher row = ROW.matcher(table);
    while (row.find()) {
      metrics.add(new Metric(row.group(1), row.group(2), all(LABEL, row.group(3))));
    }
    return metrics;
  }

  /** Alarms that have a heading of their own with what to do. */
  static Set<String> runbooks() {
    return all(HEADING, read(DOCUMENT));
  }

  static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
