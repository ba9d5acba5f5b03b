package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonWriter;

/**
 * All that is the same in the events of one component that have the same fields: the bytes around
 * the values that differ. An event's bytes are these and its values, in turn. Immutable and safe
 * for any thread.
 */
final class EventShape {
  /** Room for the values of an ordinary event. */
  private static final int USUAL_VALUES = 512;

  private final long set;
  private final long unset;
  private final byte[][] around;
  private final int[] slots;
  private final int usualSize;

  /**
   * @param common what the component's events have in common
   * @param set fields that an event has set
   * @param unset fields of the common ones that it has not
   */
  EventShape(Object[] common, long set, long unset) {
    this.set = set;
    this.unset = unset;
    Object[] fixed = common.clone();
    for (int i = 0; i < fixed.length; i++) {
      if (((set | unset) >>> i & 1) != 0) {
        fixed[i] = null;
      }
    }
    around = EventLayout.around(set, fixed).toArray(byte[][]::new);
    slots = new int[Long.bitCount(set)];
    long rest = set;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Long.numberOfTrailingZeros(rest);
      rest &= rest - 1;
    }
    int size = USUAL_VALUES;
    for (byte[] part : around) {
      size += part.length;
    }
    usualSize = size;
  }

  boolean isOf(long otherSet, long otherUnset) {
    return set == otherSet && unset == otherUnset;
  }

  /** An event of this shape; by index of the field. */
  byte[] encode(Object[] values) {
    JsonWriter writer = new JsonWriter(usualSize);
    for (int i = 0; i < slots.length; i++) {
      writer.verbatim(around[i]);
      writer.value(values[slots[i]]);
    }
    writer.verbatim(around[slots.length]);
    return writer.finish();
  }
}
