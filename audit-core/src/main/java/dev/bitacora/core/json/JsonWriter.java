package dev.bitacora.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/**
 * Writes JSON into memory. Text that is not well-formed UTF-16 is mended: an unpaired surrogate
 * becomes U+FFFD. Not thread-safe; one writer makes one value.
 */
public final class JsonWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(768);
  private final JsonGenerator generator;

  public JsonWriter() {
    try {
      generator = FACTORY.createGenerator(bytes);
    } catch (IOException impossible) {
      throw inMemory(impossible);
    }
  }

  /** A key that is written often, encoded once. */
  public static final class Key {
    private final SerializableString name;

    public Key(String name) {
      this.name = new SerializedString(name);
      this.name.asQuotedUTF8();
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
    return new String(toBytes(value), java.nio.charset.StandardCharsets.UTF_8);
  }

  public void startObject() {
    run(generator::writeStartObject);
  }

  public void endObject() {
    run(generator::writeEndObject);
  }

  public void key(Key key) {
    run(() -> generator.writeFieldName(key.name));
  }

  public void key(String key) {
    run(() -> generator.writeFieldName(mend(key)));
  }

  /**
   * Writes a value: null, text, number, boolean, map, iterable or array; anything else by its
   * {@code toString()}, and a number JSON does not have (NaN, Infinity) as text.
   */
  public void value(Object value) {
    run(() -> write(value));
  }

  /** The bytes written; the writer is finished. */
  public byte[] finish() {
    run(generator::close);
    return bytes.toByteArray();
  }

  private void write(Object value) throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof CharSequence || value instanceof Character) {
      generator.writeString(mend(value.toString()));
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value instanceof Number number) {
      writeNumber(number);
    } else if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeFieldName(mend(String.valueOf(entry.getKey())));
        write(entry.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof Iterable<?> elements) {
      generator.writeStartArray();
      for (Object element : elements) {
        write(element);
      }
      generator.writeEndArray();
    } else if (value instanceof Object[] elements) {
      write(java.util.Arrays.asList(elements));
    } else {
      generator.writeString(mend(value.toString()));
    }
  }

  private void writeNumber(Number number) throws IOException {
    if (number instanceof Double || number instanceof Float) {
      double d = number.doubleValue();
      if (Double.isFinite(d)) {
        generator.writeNumber(d);
      } else {
        generator.writeString(number.toString());
      }
    } else if (number instanceof java.math.BigInteger big) {
      generator.writeNumber(big);
    } else if (number instanceof java.math.BigDecimal big) {
      generator.writeNumber(big);
    } else {
      generator.writeNumber(number.longValue());
    }
  }

  private static String mend(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return mendFrom(text, i);
      }
    }
    return text;
  }

  private static String mendFrom(String text, int from) {
    StringBuilder mended = new StringBuilder(text.length()).append(text, 0, from);
    text.substring(from)
        .codePoints()
        .forEach(c -> mended.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
    return mended.toString();
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void run(Writing writing) {
    try {
      writing.run();
    } catch (IOException impossible) {
      throw inMemory(impossible);
    }
  }

  private static IllegalStateException inMemory(IOException e) {
    return new IllegalStateException("writing to memory", e);
  }
}
