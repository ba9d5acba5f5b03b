package dev.bitacora.viewer.trail;

import dev.bitacora.viewer.access.Identity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers what was recorded lately, so that turning a page is not recorded as another search, and
 * a page that nobody opened the beginning of is. Safe for any thread.
 */
public final class RecordedSearches {
  private static final int KEPT = 1_000;

  private final Map<String, Boolean> recorded =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * Whether this is to be recorded.
   *
   * @param looking what is looked at
   * @param continues true for a further page of it
   */
  public synchronized boolean isNew(Identity who, String looking, boolean continues) {
    boolean known = recorded.put(who.id() + "\n" + looking, true) != null;
    return !(continues && known);
  }
}
