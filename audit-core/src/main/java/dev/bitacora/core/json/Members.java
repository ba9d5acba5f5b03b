package dev.bitacora.core.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The members of an object that is being read. Most objects have a few: names and values in one
 * array, looked through one by one, are a quarter of what a hash table of them takes, and an event
 * has a dozen such objects. One thread's.
 */
final class Members {
  /** Above, looking through all would be slow. */
  private static final int FEW = 16;

  private Object[] few = new Object[FEW];
  private int size;

  /** Null while they are few. */
  private Map<String, Object> many;

  /** False when the name is there already. */
  boolean add(String name, Object value) {
    if (many == null && size == FEW) {
      many = new LinkedHashMap<>(4 * FEW);
      for (int i = 0; i < size; i++) {
        many.put((String) few[2 * i], few[2 * i + 1]);
      }
    }
    if (many != null) {
      int before = many.size();
      many.put(name, value);
      return many.size() > before;
    }
    if (indexOf(few, size, name) >= 0) {
      return false;
    }
    if (2 * size == few.length) {
      few = Arrays.copyOf(few, 2 * few.length);
    }
    few[2 * size] = name;
    few[2 * size + 1] = value;
    size++;
    return true;
  }

  /** In the order in which they were added; not to be modified. */
  Map<String, Object> toMap() {
    if (many != null) {
      return Collections.unmodifiableMap(many);
    }
    return new Few(Arrays.copyOf(few, 2 * size));
  }

  /** Begins anew, for the next object. */
  void clear() {
    size = 0;
    many = null;
  }

  private static int indexOf(Object[] members, int size, Object name) {
    for (int i = 0; i < size; i++) {
      if (members[2 * i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static final class Few extends AbstractMap<String, Object> {
    private final Object[] members;

    Few(Object[] members) {
      this.members = members;
    }

    @Override
    public int size() {
      return members.length / 2;
    }

    @Override
    public Object get(Object name) {
      int index = indexOf(members, size(), name);
      return index < 0 ? null : members[2 * index + 1];
    }

    @Override
    public boolean containsKey(Object name) {
      return indexOf(members, size(), name) >= 0;
    }

    /** Without an object for each. */
    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
      for (int i = 0; i < members.length; i += 2) {
        action.accept((String) members[i], members[i + 1]);
      }
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public int size() {
          return Few.this.size();
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
          return new Entries(members);
        }
      };
    }
  }

  private static final class Entries implements Iterator<Map.Entry<String, Object>> {
    private final Object[] members;
    private int next;

    Entries(Object[] members) {
      this.members = members;
    }

    @Override
    public boolean hasNext() {
      return next < members.length;
    }

    @Override
    public Map.Entry<String, Object> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      next += 2;
      return new AbstractMap.SimpleImmutableEntry<>((String) members[next - 2], members[next - 1]);
    }
  }
}
