package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.mask.Masking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes an event's fields in the order of {@link EventSchema}, each inside its objects: an object
 * is opened before its first field and closed behind its last one. Keys are encoded once.
 */
final class EventLayout {
  /** Values that mean something only as a whole. */
  private static final Set<String> FIXED =
      Set.of("@timestamp", "audit.original.sha256", "client.ip", "source.ip", "ecs.version");

  /** What an event is no event without, or says of itself; nobody can have it masked. */
  private static final Set<String> ESSENTIAL =
      Set.of(
          "@timestamp",
          "event.dataset",
          "event.kind",
          "event.action",
          "event.outcome",
          "audit.class",
          "audit.schema.version",
          "ecs.version",
          "service.name",
          "service.environment");

  /** By index of the field. */
  private static final Place[] PLACES = places();

  private static final Member[] MEMBERS = members(PLACES);

  /** By index of the field: the bit of the member that it stands in. */
  private static final long[] MEMBER_OF = memberOf(MEMBERS);

  private EventLayout() {}

  static int size() {
    return PLACES.length;
  }

  static boolean isFixed(int index) {
    return FIXED.contains(PLACES[index].name);
  }

  /** The bit of the member that this field stands in. */
  static long memberOf(int index) {
    return MEMBER_OF[index];
  }

  /** Takes out what must not be kept; what the template says is the component's own and stays. */
  static void mask(Object[] values, long changed, EventTemplate template, Masking masking) {
    Object[] common = template.values();
    for (long rest = changed; rest != 0; rest &= rest - 1) {
      MEMBERS[Long.numberOfTrailingZeros(rest)].mask(values, common, masking);
    }
  }

  /** Members that have not changed are the template's, which are encoded already. */
  static byte[] encode(Object[] values, long changed, EventTemplate template) {
    JsonWriter writer = new JsonWriter();
    writer.startObject();
    for (int i = 0; i < MEMBERS.length; i++) {
      if ((changed >>> i & 1) != 0) {
        MEMBERS[i].write(writer, values);
      } else if (template.encoded(i) != null) {
        writer.members(template.encoded(i));
      }
    }
    writer.endObject();
    return writer.finish();
  }

  /** The bytes of each member of an event; null when absent. */
  static byte[][] encodeMembers(Object[] values) {
    byte[][] encoded = new byte[MEMBERS.length][];
    for (int i = 0; i < MEMBERS.length; i++) {
      JsonWriter writer = new JsonWriter();
      MEMBERS[i].write(writer, values);
      byte[] bytes = writer.finish();
      encoded[i] = bytes.length == 0 ? null : bytes;
    }
    return encoded;
  }

  private static Place[] places() {
    List<Place> places = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<String> before = List.of();
    for (Field field : EventSchema.fields()) {
      if (!field.envelope()) {
        Place place = new Place(field, shared(before, field.path()));
        place.requireNew(seen);
        places.add(place);
        before = field.path();
      }
    }
    return places.toArray(Place[]::new);
  }

  /** How many objects two fields have in common. */
  private static int shared(List<String> a, List<String> b) {
    int most = Math.min(a.size(), b.size()) - 1;
    int shared = 0;
    while (shared < most && a.get(shared).equals(b.get(shared))) {
      shared++;
    }
    return shared;
  }

  private static Member[] members(Place[] places) {
    List<Member> members = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= places.length; i++) {
      if (i == places.length || places[i].shared == 0) {
        members.add(new Member(places, begin, i));
        begin = i;
      }
    }
    return members.toArray(Member[]::new);
  }

  private static long[] memberOf(Member[] members) {
    if (members.length > Long.SIZE) {
      throw new IllegalStateException("more members than a long has bits: " + members.length);
    }
    long[] bits = new long[PLACES.length];
    for (int i = 0; i < members.length; i++) {
      Arrays.fill(bits, members[i].begin, members[i].end, 1L << i);
    }
    return bits;
  }

  /** Where a field stands, and what may stand there. */
  private static final class Place {
    private final String name;
    private final boolean isFreeText;
    private final boolean holdsText;
    private final boolean mayBeNamed;
    private final List<String> path;

    /** The way to the field, by how many of its objects are open already. */
    private final JsonWriter.Key[] keys;

    /** How many of its objects the field before it is in, too. */
    private final int shared;

    Place(Field field, int shared) {
      this.name = field.name();
      this.isFreeText = EventSchema.FREE_TEXT.contains(field.name());
      this.holdsText = field.type() == FieldType.KEYWORD || field.type() == FieldType.TEXT;
      this.mayBeNamed = !ESSENTIAL.contains(field.name());
      this.path = field.path();
      this.keys = new JsonWriter.Key[path.size()];
      Arrays.setAll(keys, open -> new JsonWriter.Key(path.subList(open, path.size())));
      this.shared = shared;
    }

    /** Null for a value that was named and whose field can not hold a marker. */
    Object masked(Object value, Masking masking) {
      if (mayBeNamed && masking.isNamed(name)) {
        return holdsText ? Masking.replacement() : null;
      }
      return isFreeText ? masking.value(value) : value;
    }

    int objects() {
      return keys.length - 1;
    }

    /** An object opened twice would be a duplicate key. */
    void requireNew(Set<String> seen) {
      for (int length = shared + 1; length <= path.size(); length++) {
        if (!seen.add(String.join(".", path.subList(0, length)))) {
          throw new IllegalStateException(name + " must stand with the other fields of its object");
        }
      }
    }
  }

  /** A field or an object at the top of the event, with the indexes of its fields. */
  private static final class Member {
    private final Place[] places;
    private final int begin;
    private final int end;

    Member(Place[] all, int begin, int end) {
      this.places = Arrays.copyOfRange(all, begin, end);
      this.begin = begin;
      this.end = end;
    }

    void mask(Object[] values, Object[] common, Masking masking) {
      for (int i = begin; i < end; i++) {
        if (values[i] != null && values[i] != common[i]) {
          values[i] = places[i - begin].masked(values[i], masking);
        }
      }
    }

    void write(JsonWriter writer, Object[] values) {
      int open = 0;
      int shared = 0; // objects that are open and the next field is in, too
      for (int i = 0; i < places.length; i++) {
        Place place = places[i];
        shared = Math.min(shared, place.shared);
        Object value = values[begin + i];
        if (value != null) {
          writer.endObjects(open - shared);
          writer.key(place.keys[shared]);
          writer.value(value);
          open = place.objects();
          shared = open;
        }
      }
      writer.endObjects(open);
    }
  }
}
