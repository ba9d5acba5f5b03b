package dev.bitacora.agent;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes plain, finished values of whatever a component hands over: text, numbers, booleans, lists
 * and maps of these. Objects whose methods throw, and structures that contain themselves, become a
 * remark in their place; nothing here throws.
 */
final class PlainValue {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_ELEMENTS = 10_000;

  private PlainValue() {}

  /** Null stays null. */
  static Object of(Object value) {
    try {
      return plain(value, 0);
    } catch (Throwable t) { // a component's object may throw anything, StackOverflowError included
      return remark(value, t);
    }
  }

  /** The value as text; null stays null. */
  static String text(Object value) {
    if (value == null || value instanceof String) {
      return (String) value;
    }
    try {
      return value.toString();
    } catch (Throwable t) { // as above
      return remark(value, t);
    }
  }

  private static String remark(Object value, Throwable t) {
    return "[" + value.getClass().getName() + " failed: " + t.getClass().getName() + "]";
  }

  private static Object plain(Object value, int depth) {
    if (value == null || value instanceof String || value instanceof Boolean || isNumber(value)) {
      return value;
    }
    if (depth > MAX_DEPTH) {
      return "[nested too deeply]";
    }
    if (value instanceof Optional<?> optional) {
      return plain(optional.orElse(null), depth + 1);
    }
    if (value instanceof Map<?, ?> map) {
      return plainMap(map, depth);
    }
    if (value instanceof Iterable<?> elements) {
      return plainList(elements, depth);
    }
    if (value.getClass().isArray()) {
      return plainArray(value, depth);
    }
    return text(value);
  }

  private static boolean isNumber(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Double
        || value instanceof Float
        || value instanceof Short
        || value instanceof Byte
        || value.getClass() == BigDecimal.class
        || value.getClass() == BigInteger.class;
  }

  private static Map<String, Object> plainMap(Map<?, ?> map, int depth) {
    Map<String, Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (copy.size() == MAX_ELEMENTS) {
        break;
      }
      copy.put(String.valueOf(text(entry.getKey())), nested(entry.getValue(), depth));
    }
    return copy;
  }

  private static List<Object> plainList(Iterable<?> elements, int depth) {
    List<Object> copy = new ArrayList<>();
    for (Object element : elements) {
      if (copy.size() == MAX_ELEMENTS) {
        break;
      }
      copy.add(nested(element, depth));
    }
    return copy;
  }

  private static List<Object> plainArray(Object array, int depth) {
    List<Object> copy = new ArrayList<>();
    for (int i = 0; i < Math.min(MAX_ELEMENTS, Array.getLength(array)); i++) {
      copy.add(nested(Array.get(array, i), depth));
    }
    return copy;
  }

  /** One broken element costs itself, not its neighbours. */
  private static Object nested(Object value, int depth) {
    try {
      return plain(value, depth + 1);
    } catch (Exception e) {
      return remark(value, e);
    }
  }
}
