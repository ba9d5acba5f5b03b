package dev.bitacora.viewer.page;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
  private Numbers() {}

  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
