package dev.bitacora.agent;

import java.util.Locale;

/** Which log lines are left out when their lane fills: the least important first. */
final class LineShedding {
  private static final double DETAIL = 0.5;
  private static final double INFORMATION = 0.75;
  private static final double WARNING = 0.9;

  private LineShedding() {}

  /**
   * True if lines of this level are left out.
   *
   * @param fill of the lane, from 0 to 1
   */
  static boolean sheds(String level, double fill) {
    return switch (level.toUpperCase(Locale.ROOT)) {
      case "TRACE", "DEBUG" -> fill >= DETAIL;
      case "INFO" -> fill >= INFORMATION;
      case "WARN" -> fill >= WARNING;
      default -> false;
    };
  }
}
