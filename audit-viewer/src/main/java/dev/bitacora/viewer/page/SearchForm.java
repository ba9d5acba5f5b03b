package dev.bitacora.viewer.page;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The box in which somebody asks, as they left it.
 *
 * @param problem why it could not be answered
 * @param presets times to choose from
 */
public record SearchForm(
    String query,
    String from,
    String to,
    String tz,
    String sort,
    String size,
    String zone,
    Optional<Mistake> problem,
    List<Preset> presets) {

  /** A time that many ask for. */
  public record Preset(String name, String from, String href, boolean isCurrent) {}

  /**
   * A mistake in a parameter, and where.
   *
   * @param parameter {@code q}, {@code from} …
   * @param before the text before the mistake
   * @param at the character at which it is; empty at the text's end or when that is not known
   * @param after what follows
   * @param column from 1; 0 when it is not known
   */
  public record Mistake(
      String parameter, Visible message, Visible before, Visible at, Visible after, int column) {
    static Mistake of(String parameter, String problem, String text, int column) {
      String message = problem.substring(0, 1).toUpperCase(Locale.ROOT) + problem.substring(1);
      if (column < 1 || column > text.length() + 1) {
        return new Mistake(
            parameter, Visible.of(message), Visible.of(""), Visible.of(""), Visible.of(""), 0);
      }
      int start = column - 1;
      int end = start < text.length() ? text.offsetByCodePoints(start, 1) : start;
      return new Mistake(
          parameter,
          Visible.of(message),
          Visible.of(text.substring(0, start)),
          Visible.of(text.substring(start, end)),
          Visible.of(text.substring(end)),
          column);
    }
  }
}
