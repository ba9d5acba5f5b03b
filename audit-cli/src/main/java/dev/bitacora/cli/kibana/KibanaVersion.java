package dev.bitacora.cli.kibana;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Major and minor number: what decides whether an object can be imported. */
record KibanaVersion(int major, int minor) {
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");

  /** Reads {@code 8.19.21} or {@code 9.1.0-SNAPSHOT}. */
  static Optional<KibanaVersion> parse(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new KibanaVersion(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** An object can be imported into its own version, a newer minor one, or the next major one. */
  boolean takesObjectsOf(KibanaVersion origin) {
    return major == origin.major ? minor >= origin.minor : major == origin.major + 1;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
