package dev.bitacora.viewer.page;

/**
 * Somewhere to go.
 *
 * @param isCurrent true when this is where the reader is
 */
public record Link(Visible text, String plain, String href, boolean isCurrent) {
  static Link to(String text, String href) {
    return new Link(Visible.of(text), Visible.plain(text), href, false);
  }
}
