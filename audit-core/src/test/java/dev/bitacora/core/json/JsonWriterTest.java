package dev.bitacora.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jackson's generator is the oracle: what it writes of a value is what we write of it. */
class JsonWriterTest {
  private static final int MANY = 20_000;

  @Test
  void everyCharacter_isWrittenAsJacksonDoes() throws IOException {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        String text = "a" + Character.toString(c) + "b";
        assertThat(JsonWriter.toBytes(text)).as("U+%04X", c).isEqualTo(jackson(text));
      }
    }
  }

  @Test
  void randomValues_areWrittenAsJacksonDoes() throws IOException {
    Random random = new Random(20261121);
    for (int i = 0; i < MANY; i++) {
      Object value = randomValue(random, 4);
      assertThat(JsonWriter.toBytes(value)).isEqualTo(jackson(value));
    }
  }

  @Test
  void numbers_areWrittenAsJacksonDoes() throws IOException {
    List<Number> numbers =
        List.of(
            0,
            -1,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (byte) 7,
            (short) -7,
            1.0,
            -0.0,
            1e300,
            Double.MIN_VALUE,
            0.1f,
            new BigInteger("123456789012345678901234567890"),
            new BigDecimal("1E+400"),
            new BigDecimal("1.500"));

    assertThat(JsonWriter.toBytes(numbers)).isEqualTo(jackson(numbers));
  }

  @Test
  void numbersThatJsonLacks_areText() {
    assertThat(
            JsonWriter.toText(List.of(Double.NaN, Float.NEGATIVE_INFINITY, new AtomicInteger(3))))
        .isEqualTo("[\"NaN\",\"-Infinity\",3]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "x\ud83dx"})
  void unpairedSurrogates_becomeTheReplacementCharacter(String text) throws Exception {
    String read = (String) JsonTree.read(JsonWriter.toBytes(text));

    assertThat(read)
        .isEqualTo(new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16));
    assertThat(JsonTree.readObject(JsonWriter.toBytes(Map.of(text, 1)))).containsKey(read);
  }

  @Test
  void textOfManyBytes_growsTheBufferAsOftenAsItTakes() throws Exception {
    for (String text : List.of("x".repeat(100_000), "\u0000€\n".repeat(100_000))) {
      assertThat(JsonTree.read(JsonWriter.toBytes(text))).isEqualTo(text);
    }
  }

  @Test
  void anythingElse_isItsText() {
    assertThat(JsonWriter.toText(new Object[] {'c', URI.create("urn:x"), null, true}))
        .isEqualTo("[\"c\",\"urn:x\",null,true]");
  }

  @Test
  void partsThatWereCut_surroundTheValuesThatComeBetween() {
    JsonWriter parts = new JsonWriter();
    parts.startObject();
    parts.key("a");
    byte[] before = parts.cut();
    parts.key("b");
    parts.value(2);
    parts.endObject();
    byte[] after = parts.finish();

    JsonWriter writer = new JsonWriter();
    writer.verbatim(before, 0, before.length);
    writer.value(List.of(1));
    writer.verbatim(after, 0, after.length);
    assertThat(new String(writer.finish(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":[1],\"b\":2}");
  }

  @Test
  void lines_ofOneValueEach_inMemoryThatIsUsedAgain() {
    JsonWriter writer = new JsonWriter(new byte[4]);
    writer.value("more than four bytes");
    writer.clear();
    writer.startObject();
    writer.key("a");
    writer.value(1);
    writer.endObjectWith(bytes(" {\n \"b\":\"x\\n\",\r\n \"c\":[2]}\n"));
    writer.endLine();
    writer.value(List.of());
    writer.endLine();

    assertThat(new String(writer.buffer(), 0, writer.size(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":1,  \"b\":\"x\\n\",   \"c\":[2]} \n[]\n");
  }

  @Test
  void otherObject_becomesOneLine_whereverItsLinesEnd() {
    for (int before = 0; before < 24; before++) {
      for (String end : List.of("\n", "\r\n", "\t\n")) {
        String blanks = " ".repeat(before);
        String object = "{" + blanks + end + "\"日本\":\"\\n\"" + end + blanks + "}" + end;
        JsonWriter writer = new JsonWriter(1);
        writer.startObject();
        writer.key("a");
        writer.value(1);
        writer.endObjectWith(bytes(object));

        assertThat(new String(writer.finish(), StandardCharsets.UTF_8))
            .isEqualTo("{\"a\":1," + object.substring(1).replace('\n', ' ').replace('\r', ' '));
      }
    }
  }

  @Test
  void utf8_isEscapedWhereAsciiMustBe() {
    String text = "é\"\\\n\u0001 plain 日本 \uD83D\uDE00\"";
    JsonWriter writer = new JsonWriter(1);
    writer.utf8(bytes(text));

    assertThat(new String(writer.finish(), StandardCharsets.UTF_8))
        .isEqualTo("\"é\\\"\\\\\\n\\u0001 plain 日本 \uD83D\uDE00\\\"\"");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Object randomValue(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> randomText(random);
      case 1 -> random.nextLong();
      case 2 -> random.nextDouble();
      case 3 -> random.nextInt(3) == 0 ? null : random.nextBoolean();
      case 4 -> randomList(random, depth - 1);
      default -> randomMap(random, depth - 1);
    };
  }

  private static List<Object> randomList(Random random, int depth) {
    Object[] elements = new Object[random.nextInt(4)];
    Arrays.setAll(elements, i -> randomValue(random, depth));
    return new ArrayList<>(Arrays.asList(elements));
  }

  private static Map<String, Object> randomMap(Random random, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(randomText(random), randomValue(random, depth));
    }
    return map;
  }

  /** Brackets, commas and colons too, which the writer looks back at. */
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> "{}[],:\"\\\n\u0001".charAt(random.nextInt(10));
            case 1 -> 0x80 + random.nextInt(0xD000 - 0x80);
            case 2 -> 0x10000 + random.nextInt(0x1000);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }

  private static byte[] jackson(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(bytes)) {
      jackson(generator, value);
    }
    return bytes.toByteArray();
  }

  private static void jackson(JsonGenerator generator, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeFieldName((String) entry.getKey());
        jackson(generator, entry.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object element : list) {
        jackson(generator, element);
      }
      generator.writeEndArray();
    } else {
      scalar(generator, value);
    }
  }

  private static void scalar(JsonGenerator generator, Object value) throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value instanceof Double || value instanceof Float) {
      generator.writeNumber(((Number) value).doubleValue());
    } else if (value instanceof BigInteger big) {
      generator.writeNumber(big);
    } else if (value instanceof BigDecimal big) {
      generator.writeNumber(big);
    } else {
      generator.writeNumber(((Number) value).longValue());
    }
  }

  @Test
  void utf8_isTheSameTextAgain() throws Exception {
    Random random = new Random(20261121);
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(20), 0, 0x11000)
              .map(c -> c < 0x8000 ? c & 0x7F : c)
              .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      JsonWriter writer = new JsonWriter(1);
      writer.startObject();
      writer.key("a");
      writer.utf8(text.getBytes(StandardCharsets.UTF_8));
      writer.key("b");
      writer.value(text);
      writer.endObject();
      Map<String, Object> read = JsonTree.readObject(writer.finish());
      assertThat(read).containsEntry("a", text).containsEntry("b", text);
    }
  }
}
