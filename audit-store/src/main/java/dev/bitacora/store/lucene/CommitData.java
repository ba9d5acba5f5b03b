package dev.bitacora.store.lucene;

import dev.bitacora.store.StoreException;
import java.util.HashMap;
import java.util.Map;

/**
 * What stands in each commit of an index: the format's version, and how far each log is in it.
 *
 * <pre>
 * bitacora.format = 1
 * bitacora.position.&lt;log&gt; = highest offset
 * </pre>
 */
final class CommitData {
  private static final int FORMAT = 1;
  private static final String FORMAT_KEY = "bitacora.format";
  private static final String POSITION_PREFIX = "bitacora.position.";

  private CommitData() {}

  static Map<String, String> of(Map<String, Long> positions) {
    Map<String, String> data = new HashMap<>();
    data.put(FORMAT_KEY, Integer.toString(FORMAT));
    positions.forEach((log, offset) -> data.put(POSITION_PREFIX + log, Long.toString(offset)));
    return data;
  }

  /**
   * The positions in a commit.
   *
   * @param index what it is called, for the error
   */
  static Map<String, Long> positions(Map<String, String> data, String index) {
    requireKnownFormat(data.get(FORMAT_KEY), index);
    Map<String, Long> positions = new HashMap<>();
    data.forEach(
        (key, value) -> {
          if (key.startsWith(POSITION_PREFIX)) {
            positions.put(key.substring(POSITION_PREFIX.length()), Long.parseLong(value));
          }
        });
    return positions;
  }

  private static void requireKnownFormat(String found, String index) {
    if (found == null || !found.matches("\\d{1,9}")) {
      throw new StoreException("store: " + index + " is no index of this program; move it away");
    }
    if (Integer.parseInt(found) > FORMAT) {
      throw new StoreException(
          "store: "
              + index
              + " was written by a newer version of this program (format "
              + found
              + ", this one knows "
              + FORMAT
              + "); run that version");
    }
  }
}
