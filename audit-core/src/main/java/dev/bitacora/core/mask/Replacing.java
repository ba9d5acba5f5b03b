package dev.bitacora.core.mask;

/** A text of which parts are replaced, from left to right; a copy is made when the first one is. */
final class Replacing {
  private final String text;
  private StringBuilder copy;
  private int copied;

  Replacing(String text) {
    this.text = text;
  }

  void replace(int from, int to, String by) {
    if (copy == null) {
      copy = new StringBuilder(text.length());
    }
    copy.append(text, copied, from).append(by);
    copied = to;
  }

  /** The same object when nothing was replaced. */
  String result() {
    return copy == null ? text : copy.append(text, copied, text.length()).toString();
  }
}
