package dev.bitacora.core.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
  private static final Masking MASKING = Masking.everything(List.of());
  private static final String ARROW = " => ";

  static Stream<String> corpus() throws IOException {
    try (InputStream in = MaskingTest.class.getResourceAsStream("/masking/corpus.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.replace("\\n", "\n"));
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void everyLineOfTheCorpus_becomesWhatStandsBesideIt(String line) {
    String after = line.contains(ARROW) ? line.substring(line.indexOf(ARROW) + 4) : line;

    assertThat(MASKING.text(before(line))).isEqualTo(after);
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void whatIsMasked_staysAsItIs_whenMaskedAgain(String line) {
    String once = MASKING.text(before(line));

    assertThat(MASKING.text(once)).isEqualTo(once);
  }

  private static String before(String line) {
    return line.contains(ARROW) ? line.substring(0, line.indexOf(ARROW)) : line;
  }

  @Test
  void ordinaryText_isTheSameObject() {
    String text = "Ann Lee invoice.approve invoice I-981: success";

    assertThat(MASKING.text(text)).isSameAs(text);
    Object nested = Map.of("a", List.of(1, "b", Map.of("c", 2.5)));
    assertThat(MASKING.value(nested)).isSameAs(nested);
  }

  @Test
  void nestedValues_areMaskedWhereverTheyStand() {
    Object masked =
        MASKING.value(
            Map.of("list", List.of("ok", "card 4111111111111111", Map.of("apiKey", "k"))));

    assertThat(masked)
        .isEqualTo(
            Map.of(
                "list", List.of("ok", "card [masked:card]", Map.of("apiKey", "[masked:secret]"))));
    assertThat(MASKING.value(Map.of("4111111111111111", 1))).isEqualTo(Map.of("[masked:card]", 1));
  }

  @Test
  void valuesOfSecretKeys_areMaskedWhateverTheyAre_butFlags() {
    assertThat(MASKING.value(Map.of("password", 12345)))
        .isEqualTo(Map.of("password", "[masked:secret]"));
    assertThat(MASKING.value(Map.of("credentials", Map.of("user", "u"))))
        .isEqualTo(Map.of("credentials", "[masked:secret]"));
    assertThat(MASKING.value(Map.of("hasPassword", true))).isEqualTo(Map.of("hasPassword", true));
  }

  @Test
  void numbersThatAreCards_areMasked() {
    List<Object> cards =
        List.of(
            4111111111111111L,
            new BigInteger("4111111111111111"),
            new BigDecimal("4111111111111111"),
            4111111111111111d);
    List<Object> others = List.of(4111111111111112L, 1764000000000L, 7, -4111111111111111L, 0.5);

    assertThat(MASKING.value(cards))
        .isEqualTo(List.of("[masked:card]").stream().flatMap(m -> Stream.of(m, m, m, m)).toList());
    assertThat(MASKING.value(others)).isSameAs(others);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iban", "IBAN", "i_ban", "i-ban"})
  void namedKeys_areMasked_howeverTheyAreSpelled(String name) {
    Masking masking = Masking.everything(List.of(name));

    assertThat(masking.value(Map.of("Iban", "DE1"))).isEqualTo(Map.of("Iban", "[masked:secret]"));
    assertThat(masking.text("iban=DE1 x")).isEqualTo("iban=[masked:secret] x");
    assertThat(masking.isNamed("iban")).isTrue();
    assertThat(masking.isNamed("ibans")).isFalse();
  }

  @Test
  void onlyWhatIsNamed_isMasked_whenTheRestIsSwitchedOff() {
    Masking masking = Masking.only(List.of("iban"));

    assertThat(masking.text("iban=DE1 password=x 4111111111111111"))
        .isEqualTo("iban=[masked:secret] password=x 4111111111111111");
    assertThat(masking.value(4111111111111111L)).isEqualTo(4111111111111111L);
  }

  @Test
  void everyCardNumber_isFound_betweenAnyNeighbours() {
    Random random = new Random(20261121);
    for (int i = 0; i < 10_000; i++) {
      String card = visa(random);
      String before = " ,;:=('\"/#\n".charAt(random.nextInt(11)) + "";
      String after = " ,;.)'\"/#\n".charAt(random.nextInt(10)) + "";
      assertThat(MASKING.text("x" + before + card + after + "y")).doesNotContain(card.substring(4));
    }
  }

  private static String visa(Random random) {
    StringBuilder digits = new StringBuilder("4");
    while (digits.length() < 15) {
      digits.append(random.nextInt(10));
    }
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      int weighted = (digits.charAt(i) - '0') * (i % 2 == 0 ? 2 : 1);
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return digits.append((10 - sum % 10) % 10).toString();
  }

  /** Would take hours if any search were quadratic. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111 ",
        "4",
        "eyJ",
        "eyJaaaaaaaa.",
        "bearer ",
        "-----BEGIN ",
        "-----BEGIN A-----",
        "://",
        "://@:",
        "password=",
        "password=\"",
        "a:",
        "=",
        "password:{",
        "\\\"",
        "AKIA"
      })
  void hostileTexts_takeTimeInProportionToTheirLength(String part) {
    String text = "@B-I" + part.repeat((1 << 20) / part.length());

    assertThat(MASKING.text(text)).isNotEmpty();
  }
}
