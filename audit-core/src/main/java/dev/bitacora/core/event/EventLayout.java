package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.mask.Masking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where an event's fields stand: in the order of {@link EventSchema}, each inside its objects; an
 * object is opened before its first field and closed behind its last one. A set of fields is a word
 * with one bit for each.
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

  private static final long FREE_TEXT = fields(place -> place.isFreeText);
  private static final long MAY_BE_NAMED = fields(place -> place.mayBeNamed);

  private EventLayout() {}

  static int size() {
    return PLACES.length;
  }

  static boolean isFixed(int index) {
    return FIXED.contains(PLACES[index].name);
  }

  /** Those of the fields that masking has to look at. */
  static long maskable(long fields, Masking masking) {
    return fields & (masking.knowsNames() ? FREE_TEXT | MAY_BE_NAMED : FREE_TEXT);
  }

  /** Null for a value that was named and whose field can not hold a marker. */
  static Object masked(int index, Object value, Masking masking) {
    return PLACES[index].masked(value, masking);
  }

  /**
   * Writes an event of these fields, of which some are always the same.
   *
   * @param fixed the value of each field; null where it is not present or not always the same
   * @return the bytes around the values of the other fields
   */
  static List<byte[]> around(long variable, Object[] fixed) {
    List<byte[]> parts = new ArrayList<>();
    JsonWriter writer = new JsonWriter();
    writer.startObject();
    int open = 0;
    int shared = 0; // objects that are open and the next field is in, too
    for (int i = 0; i < PLACES.length; i++) {
      Place place = PLACES[i];
      shared = Math.min(shared, place.shared);
      boolean isVariable = (variable >>> i & 1) != 0;
      if (isVariable || fixed[i] != null) {
        writer.endObjects(open - shared);
        writer.key(place.keys[shared]);
        if (isVariable) {
          parts.add(writer.cut());
        } else {
          writer.value(fixed[i]);
        }
        open = place.objects();
        shared = open;
      }
    }
    writer.endObjects(open + 1);
    parts.add(writer.finish());
    return parts;
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
    if (places.size() > Long.SIZE) {
      throw new IllegalStateException("more fields than a word has bits: " + places.size());
    }
    return places.toArray(Place[]::new);
  }

  private static long fields(Predicate<Place> condition) {
    long fields = 0;
    for (int i = 0; i < PLACES.length; i++) {
      fields |= condition.test(PLACES[i]) ? 1L << i : 0;
    }
    return fields;
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
}
