package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is the same in the events of one component that have the same fields: the bytes around
 * the values that differ. An event's bytes are these and its values, in turn. Immutable and safe
 * for any thread.
 */
final class EventShape {
  /** Room for an ordinary event. */
  private static final int USUAL_SIZE = 2048;

  /** A thread whose events have been larger than this does not keep the room for them. */
  private static final int LARGEST_KEPT = 16 * 1024;

  /**
   * Memory in which a thread writes its events before each gets an array of its size. Arrays, since
   * an object of ours would keep an application that is undeployed in memory, with its threads.
   */
  private static final ThreadLocal<byte[]> ROOM = new ThreadLocal<>();

  private final long set;
  private final long unset;

  /** What stands around the values, one part behind the other. */
  private final byte[] around;

  /** Where each part ends. */
  private final int[] ends;

  private final int[] slots;

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
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    List<Integer> partEnds = new ArrayList<>();
    for (byte[] part : EventLayout.around(set, fixed)) {
      parts.writeBytes(part);
      partEnds.add(parts.size());
    }
    around = parts.toByteArray();
    ends = partEnds.stream().mapToInt(Integer::intValue).toArray();
    slots = new int[Long.bitCount(set)];
    long rest = set;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Long.numberOfTrailingZeros(rest);
      rest &= rest - 1;
    }
  }

  boolean isOf(long otherSet, long otherUnset) {
    return set == otherSet && unset == otherUnset;
  }

  /** An event of this shape; by index of the field. */
  byte[] encode(Object[] values) {
    byte[] room = ROOM.get();
    ROOM.set(null); // a value's toString() may record something, too
    JsonWriter writer = new JsonWriter(room == null ? new byte[USUAL_SIZE] : room);
    int begin = 0;
    for (int i = 0; i < slots.length; i++) {
      writer.verbatim(around, begin, ends[i]);
      writer.value(values[slots[i]]);
      begin = ends[i];
    }
    writer.verbatim(around, begin, around.length);
    byte[] used = writer.buffer();
    ROOM.set(used.length <= LARGEST_KEPT ? used : null);
    return writer.finish();
  }
}
