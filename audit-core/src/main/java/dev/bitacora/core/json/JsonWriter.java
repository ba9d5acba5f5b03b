package dev.bitacora.core.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON into memory, as UTF-8. Text that is not well-formed UTF-16 is mended: an unpaired
 * surrogate becomes U+FFFD. Not thread-safe; one writer makes one value, or lines of one each.
 *
 * <p>An event is written on its component's thread, so this is made to cost little: one buffer that
 * is rarely too small, one pass over each text, and no object beside them.
 */
public final class JsonWriter {
  /** Room for an ordinary event. */
  private static final int USUAL_SIZE = 1024;

  /** What a character of a text becomes at most: a backslash, {@code u} and four digits. */
  private static final int MAX_BYTES_PER_CHAR = 6;

  private static final byte[] HEX = ascii("0123456789ABCDEF");
  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  /** For each character up to 0xFF: 0 when it stands for itself, else the letter of its escape. */
  private static final byte[] ESCAPES = escapes();

  /**
   * For each byte of UTF-8 what it is in a text, in the order of memory: the two lower bytes are
   * itself and anything, or a backslash and a letter; above them, which of the two count, 1 or 2. 0
   * where it is written as digits.
   */
  private static final int[] ESCAPED = escaped();

  /** In {@link #ESCAPES}: written as four hexadecimal digits. */
  private static final byte NUMERIC = 'u';

  /** In {@link #ESCAPES}: has more than one byte in UTF-8. */
  private static final byte NOT_ASCII = -1;

  private static final VarHandle PAIRS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  /** True behind a value: what follows in the same object or array begins with a comma. */
  private boolean isCommaDue;

  public JsonWriter() {
    this(USUAL_SIZE);
  }

  /** A writer with room for so many bytes; it makes more when they do not suffice. */
  public JsonWriter(int usualSize) {
    this(new byte[usualSize]);
  }

  /** A writer that uses this memory as long as it suffices. */
  public JsonWriter(byte[] room) {
    bytes = room;
  }

  /** A key that is written often, with the objects on the way to it, encoded once. */
  public static final class Key {
    // ,"audit":{"target":{"id": and the comma is left out where none is due
    private final byte[] encoded;

    /** The names on the way from the open object: {@code audit, target, id}. */
    public Key(List<String> path) {
      JsonWriter writer = new JsonWriter();
      writer.put(',');
      for (int i = 0; i < path.size(); i++) {
        if (i > 0) {
          writer.put('{');
        }
        writer.quoted(path.get(i));
        writer.put(':');
      }
      encoded = writer.finish();
    }
  }

  /** One value, as JSON bytes. */
  public static byte[] toBytes(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value);
    return writer.finish();
  }

  /** One value, as JSON text. */
  public static String toText(Object value) {
    return new String(toBytes(value), StandardCharsets.UTF_8);
  }

  public void startObject() {
    separate();
    put('{');
    isCommaDue = false;
  }

  public void endObject() {
    put('}');
    isCommaDue = true;
  }

  /** Ends the innermost objects. */
  public void endObjects(int count) {
    for (int i = 0; i < count; i++) {
      endObject();
    }
  }

  /** Opens the objects on the way to the key, too; each wants its {@link #endObject}. */
  public void key(Key key) {
    put(key.encoded, isCommaDue ? 0 : 1, key.encoded.length);
    isCommaDue = false;
  }

  public void key(String key) {
    text(key);
    put(':');
    isCommaDue = false;
  }

  /**
   * Ends the open object, which has a member, with those of another that is JSON already and has
   * one, too. They stand as they did there, in one line: what ends lines between tokens becomes a
   * blank.
   */
  public void endObjectWith(byte[] object) {
    int from = 0;
    while (object[from] != '{') {
      from++;
    }
    put(',');
    int start = size;
    put(object, from + 1, object.length);
    toOneLine(start);
    isCommaDue = true;
  }

  /** Within texts, what ends lines is escaped: it only stands between tokens, if anywhere. */
  private void toOneLine(int from) {
    for (int i = Words.control(bytes, from, size);
        i < size;
        i = Words.control(bytes, i + 1, size)) {
      bytes[i] = bytes[i] == '\n' || bytes[i] == '\r' ? (byte) ' ' : bytes[i];
    }
  }

  /** Ends a line behind a value; the next begins with another. */
  public void endLine() {
    put('\n');
    isCommaDue = false;
  }

  /** Bytes written so far. */
  public int size() {
    return size;
  }

  /** Begins anew, in the same memory. */
  public void clear() {
    size = 0;
    isCommaDue = false;
  }

  /**
   * The memory that it writes into, not copied, whose first {@link #size} bytes are what is written
   * so far. They last until the writer is used again.
   */
  public byte[] buffer() {
    return bytes;
  }

  /** Writes what was {@link #cut} before, up to the place where a value comes next. */
  public void verbatim(byte[] encoded, int from, int to) {
    put(encoded, from, to);
    isCommaDue = false;
  }

  /** The bytes so far. What is written next stands behind a value that comes between. */
  public byte[] cut() {
    byte[] part = finish();
    size = 0;
    isCommaDue = true;
    return part;
  }

  /**
   * Writes a value: null, text, number, boolean, map, iterable or array; anything else by its
   * {@code toString()}, and a number JSON does not have (NaN, Infinity) as text.
   */
  public void value(Object value) {
    if (value instanceof String text) {
      text(text);
    } else if (value == null) {
      literal(NULL);
    } else if (value instanceof Boolean flag) {
      literal(flag ? TRUE : FALSE);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof Iterable<?> elements) {
      array(elements);
    } else if (value instanceof Object[] elements) {
      array(Arrays.asList(elements));
    } else {
      text(value.toString());
    }
  }

  /** The bytes written; the writer is finished. */
  public byte[] finish() {
    return Arrays.copyOf(bytes, size);
  }

  private void object(Map<?, ?> map) {
    startObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      key(String.valueOf(entry.getKey()));
      value(entry.getValue());
    }
    endObject();
  }

  private void array(Iterable<?> elements) {
    separate();
    put('[');
    isCommaDue = false;
    for (Object element : elements) {
      value(element);
    }
    put(']');
    isCommaDue = true;
  }

  private void literal(byte[] literal) {
    separate();
    put(literal, 0, literal.length);
    isCommaDue = true;
  }

  private void number(Number number) {
    if (number instanceof Double || number instanceof Float) {
      real(number);
    } else if (number instanceof BigInteger || number instanceof BigDecimal) {
      literal(ascii(number.toString()));
    } else {
      literal(ascii(Long.toString(number.longValue())));
    }
  }

  private void real(Number number) {
    double value = number.doubleValue();
    if (Double.isFinite(value)) {
      literal(ascii(Double.toString(value)));
    } else {
      text(number.toString());
    }
  }

  private void text(String text) {
    separate();
    quoted(text);
    isCommaDue = true;
  }

  /** Writes a text that is well-formed UTF-8 already: what was read as JSON, for example. */
  public void utf8(byte[] text) {
    separate();
    put('"');
    int i = 0;
    while (i < text.length) {
      ensure(2 * (text.length - i) + MAX_BYTES_PER_CHAR);
      i = copyEscaped(text, i);
      if (i < text.length) {
        numericEscape((char) text[i++]);
      }
    }
    put('"');
    isCommaDue = true;
  }

  private void quoted(String text) {
    int length = text.length();
    ensure(length + 2);
    bytes[size++] = '"';
    int i = copyPlain(text, 0, length);
    while (i < length) {
      ensure(length - i + 2 * MAX_BYTES_PER_CHAR);
      i = copyPlain(text, special(text, i), length);
    }
    put('"');
  }

  /**
   * Copies characters that stand for themselves, which most often are all, and says where it ended.
   * Written so that the compiler sees which indexes are good: this loop is half of what an event
   * costs.
   */
  private int copyPlain(String text, int from, int length) {
    byte[] target = bytes;
    int start = size - from;
    int i = from;
    while (i < length) {
      char c = text.charAt(i);
      if (c > 0xFF || ESCAPES[c & 0xFF] != 0) {
        break;
      }
      target[start + i] = (byte) c;
      i++;
    }
    size = start + i;
    return i;
  }

  /**
   * Copies bytes up to one whose escape has digits, all that are not ASCII as they are, and says
   * where it ended. In JSON each seventh byte or so is a quote, which no processor foresees: two
   * bytes are always written, and the next ones over the second where only the first counts.
   */
  private int copyEscaped(byte[] text, int from) {
    byte[] target = bytes;
    int to = size;
    int i = from;
    while (i < text.length) {
      int escaped = ESCAPED[text[i] & 0xFF];
      if (escaped == 0) {
        break;
      }
      PAIRS.set(target, to, (short) escaped);
      to += escaped >>> Short.SIZE;
      i++;
    }
    size = to;
    return i;
  }

  /** Writes a character that does not stand for itself, or two that are one; where to go on. */
  private int special(String text, int at) {
    char c = text.charAt(at);
    int next = at + 1;
    if (c < 0x80) {
      ascii(c);
    } else if (!Character.isSurrogate(c)) {
      twoOrThreeBytes(c);
    } else if (Character.isHighSurrogate(c)
        && next < text.length()
        && Character.isLowSurrogate(text.charAt(next))) {
      numericEscape(c);
      numericEscape(text.charAt(next++));
    } else {
      twoOrThreeBytes('\uFFFD');
    }
    return next;
  }

  private void ascii(char c) {
    byte escape = ESCAPES[c];
    if (escape == 0) {
      bytes[size++] = (byte) c;
    } else if (escape == NUMERIC) {
      numericEscape(c);
    } else {
      bytes[size++] = '\\';
      bytes[size++] = escape;
    }
  }

  private void twoOrThreeBytes(char c) {
    if (c < 0x800) {
      bytes[size++] = (byte) (0xC0 | c >> 6);
    } else {
      bytes[size++] = (byte) (0xE0 | c >> 12);
      bytes[size++] = (byte) (0x80 | (c >> 6 & 0x3F));
    }
    bytes[size++] = (byte) (0x80 | (c & 0x3F));
  }

  private void numericEscape(char c) {
    bytes[size++] = '\\';
    bytes[size++] = NUMERIC;
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[size++] = HEX[c >> shift & 0xF];
    }
  }

  private void separate() {
    if (isCommaDue) {
      put(',');
    }
  }

  private void put(char ascii) {
    ensure(1);
    bytes[size++] = (byte) ascii;
  }

  private void put(byte[] encoded, int from, int to) {
    int length = to - from;
    ensure(length);
    System.arraycopy(encoded, from, bytes, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] escapes() {
    byte[] escapes = new byte[0x100];
    Arrays.fill(escapes, 0, ' ', NUMERIC);
    Arrays.fill(escapes, 0x80, 0x100, NOT_ASCII);
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    escapes['\b'] = 'b';
    escapes['\t'] = 't';
    escapes['\n'] = 'n';
    escapes['\f'] = 'f';
    escapes['\r'] = 'r';
    return escapes;
  }

  private static int[] escaped() {
    int[] escaped = new int[0x100];
    for (int b = 0; b < escaped.length; b++) {
      if (b >= 0x80 || ESCAPES[b] == 0) {
        escaped[b] = (1 << Short.SIZE) | b;
      } else if (ESCAPES[b] != NUMERIC) {
        escaped[b] = (2 << Short.SIZE) | (ESCAPES[b] << Byte.SIZE) | '\\';
      }
    }
    return escaped;
  }
}
