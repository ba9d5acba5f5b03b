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

  /** By index of each of its fields. */
  private static final Member[] MEMBERS = membersOf(PLACES);

  private EventLayout() {}

  static int size() {
    return PLACES.length;
  }

  static boolean isFixed(int index) {
    return FIXED.contains(PLACES[index].name);
  }

  /** Takes out what must not be kept; what the template says is the component's own and stays. */
  static void mask(Object[] values, EventTemplate template, Masking masking) {
    Object[] common = template.values();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null && values[i] != common[i]) {
        values[i] = PLACES[i].masked(values[i], masking);
      }
    }
  }

  static byte[] encode(Object[] values, EventTemplate template) {
    JsonWriter writer = new JsonWriter();
    writer.startObject();
    int i = 0;
    while (i < values.length) {
      if (values[i] == null) {
        i++;
      } else {
        Member member = MEMBERS[i];
        write(member, values, template, writer);
        i = member.end;
      }
    }
    writer.endObjects(1);
    return writer.finish();
  }

  private static void write(
      Member member, Object[] values, EventTemplate template, JsonWriter writer) {
    byte[] known = template.encoded(member.begin);
    if (known != null && member.isSame(values, template.values())) {
      writer.members(known);
    } else {
      member.write(writer, values);
    }
  }

  /** The bytes of each member of an event, by the index of its first field; null when absent. */
  static byte[][] encodeMembers(Object[] values) {
    byte[][] encoded = new byte[values.length][];
    for (int i = 0; i < values.length; i = MEMBERS[i].end) {
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

  private static Member[] membersOf(Place[] places) {
    Member[] members = new Member[places.length];
    int begin = 0;
    for (int i = 1; i <= places.length; i++) {
      if (i == places.length || places[i].shared == 0) {
        Arrays.fill(members, begin, i, new Member(places, begin, i));
        begin = i;
      }
    }
    return members;
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

    boolean isSame(Object[] values, Object[] others) {
      for (int i = begin; i < end; i++) {
        if (values[i] != others[i]) {
          return false;
        }
      }
      return true;
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
