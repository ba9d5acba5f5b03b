package dev.bitacora.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~|~~",
        "~   ~|~~",
        "refund|refund",
        "refund failed|refund and failed",
        "\"refund failed\"|\"refund failed\"",
        "actor:u42|user.id:u42",
        "actor:u42 outcome:failure|user.id:u42 and event.outcome:failure",
        "action:invoice.*|event.action:invoice.*",
        "target:*|audit.target.id:*",
        "*|~~",
        "inv*|inv*",
        "event.duration >= 10|event.duration >= 10",
        "event.duration>=10|event.duration >= 10",
        "event.duration<007|event.duration < 7",
        "outcome:(success or failure)|event.outcome:success or event.outcome:failure",
        "outcome:(success OR failure) Not actor:a|(event.outcome:success or event.outcome:failure) and not user.id:a",
        "a or b and c|a or (b and c)",
        "(a or b) c|(a or b) and c",
        "not (a b)|not (a and b)",
        "not not a|not not a",
        "user.name:\"Ann \\\"The\\\" Lee\"|user.name:\"Ann \\\"The\\\" Lee\"",
        "url.path:\\/a\\ b|url.path:\"/a b\"",
        "labels.region:eu|labels.region:eu",
        "audit.details.a.b:1|audit.details.a.b:1",
        "ip:10.0.0.0/8|client.ip:10.0.0.0/8",
        "ip:\"2001:db8::1\"|client.ip:2001:db8::1",
        "ip:2001:db8::/32|client.ip:2001:db8::/32",
        "\"and\"|\"and\"",
        "android or nothing|android or nothing",
        "trace : abc|trace.id:abc",
        "event.ingested > 2026-11-21|event.ingested > 2026-11-21T00:00:00.000Z",
        "@timestamp:2026-11-21|@timestamp >= 2026-11-21T00:00:00.000Z and @timestamp < 2026-11-22T00:00:00.000Z",
        "@timestamp:2026-11-21T10:00:00+01:00|@timestamp:2026-11-21T09:00:00.000Z",
        "message:\"not found\"|message:\"not found\"",
        "url.path:a\\*b*|url.path:a\\*b*",
        "¿qué? niño|\"¿qué?\" and niño",
      })
  void text_becomesATree_andTheTreeItsCanonicalText(String text, String canonical)
      throws Exception {
    Query query = Query.parse(text);

    assertThat(query.toString()).isEqualTo(canonical);
    assertThat(Query.parse(canonical)).isEqualTo(query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "actr:u42|1|did you mean actor?",
        "ACTION:x|1|did you mean action?",
        "a and|6|the query ends",
        "and a|1|expected a word or a field before this operator",
        "a or or b|6|before this operator",
        "(a|1|not closed",
        "a)|2|no parenthesis is open",
        "()|2|between the parentheses",
        "\"a|1|not closed",
        "*a|1|a wildcard cannot lead",
        "actor:*a|7|a wildcard cannot lead",
        "a*b|2|can only end a word",
        "actor:|7|expected a value",
        "actor:\"\"|7|expected a value; field:*",
        "actor:)|7|expected a value",
        ":x|1|expected a field's name",
        "actor=x|6|write field:value",
        "event.duration:ten|16|whole number",
        "event.duration:1*|16|is no text",
        "ip:10.0.0|4|an IP address or a network",
        "ip:10.0.0.0/33|4|an IP address or a network",
        "ip > 10.0.0.0/8|6|is an IP address",
        "@timestamp > yesterday|14|is a time",
        "message > a|11|holds sentences",
        "event.duration > *|18|a whole value",
        "audit.change.before:x|1|not searchable",
        "http://x|1|quote it",
        "a\\|2|after the backslash",
      })
  void textThatIsNoQuery_saysWhere(String text, int column, String message) {
    QuerySyntaxException error =
        catchThrowableOfType(QuerySyntaxException.class, () -> Query.parse(text));

    assertThat(error).as(text).isNotNull();
    assertThat(error.column()).isEqualTo(column);
    assertThat(error).hasMessageContaining(message);
  }

  @Test
  void limits_areKept() throws Exception {
    Query.parse("a ".repeat(64).strip());
    Query.parse("(".repeat(8) + "a" + ")".repeat(8));
    Query.parse("a".repeat(1024));

    assertThat(columnOf("a ".repeat(65))).isEqualTo(129);
    assertThat(columnOf("(".repeat(9) + "a" + ")".repeat(9))).isEqualTo(9);
    assertThat(columnOf("a".repeat(1025))).isEqualTo(1025);
    assertThat(columnOf("not ".repeat(9) + "a")).isGreaterThan(1);
  }

  private static int columnOf(String text) {
    return catchThrowableOfType(QuerySyntaxException.class, () -> Query.parse(text)).column();
  }

  @Test
  void everyAlias_isASearchableField_andEverySearchableFieldCanBeAsked() throws Exception {
    for (String alias : EventSchema.ALIASES.keySet()) {
      assertThat(Query.parse(alias + ":*").toString())
          .isEqualTo(EventSchema.ALIASES.get(alias) + ":*");
    }
    for (Field field : EventSchema.fields()) {
      if (field.type() != FieldType.STORED) {
        assertThat(Query.parse(field.name() + ":*"))
            .isEqualTo(new Query.Exists(FieldName.of(field.name())));
      }
    }
  }

  @Test
  void anyTree_isReadBackFromItsText() throws Exception {
    Random random = new Random(20261121);
    for (int i = 0; i < 5_000; i++) {
      Query query = randomQuery(random, 4);
      assertThat(Query.parse(query.toString())).as(query.toString()).isEqualTo(query);
    }
  }

  @Test
  void noText_makesTheParserThrowAnythingElse() {
    Random random = new Random(7);
    String alphabet = "ab:()\"\\*<>= .andornot/\u00e9\uD83D\uDE00\u202e\t";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Query query = Query.parse(text.toString());
        assertThat(reparsed(query)).as(text.toString()).isEqualTo(query);
      } catch (QuerySyntaxException e) {
        assertThat(e.column()).isBetween(1, text.length() + 1);
      }
    }
  }

  private static Query reparsed(Query query) {
    try {
      return Query.parse(query.toString());
    } catch (QuerySyntaxException e) {
      throw new AssertionError(escaped(query.toString()) + " at " + e.column(), e);
    }
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                escaped.append(c < 127 && c > 31 ? (char) c + "" : "\\u" + Integer.toHexString(c)));
    return escaped.toString();
  }

  private static Query randomQuery(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 6 : 9);
    String value = randomValue(random);
    return switch (kind) {
      case 0 -> new Query.Words(value);
      case 1 -> new Query.WordsPrefix(value);
      case 2 -> new Query.Match(FieldName.of("user.id"), value);
      case 3 -> new Query.Prefix(FieldName.of("labels.a key".replace(' ', '_')), value);
      case 4 -> new Query.Range(FieldName.of("event.action"), Query.Comparison.AT_LEAST, value);
      case 5 -> new Query.Exists(FieldName.of("message"));
      case 6 -> new Query.Not(randomQuery(random, depth - 1));
      case 7 -> new Query.And(randomQueries(random, depth - 1));
      default -> new Query.Or(randomQueries(random, depth - 1));
    };
  }

  private static List<Query> randomQueries(Random random, int depth) {
    List<Query> queries = new ArrayList<>();
    IntStream.range(0, 2 + random.nextInt(2)).forEach(i -> queries.add(randomQuery(random, depth)));
    return queries;
  }

  private static String randomValue(Random random) {
    String[] values = {
      "a",
      "or",
      "NOT",
      "a b",
      "\"",
      "\\",
      "x:y",
      "(",
      "ni\u00f1o",
      "*",
      "\uD83D\uDE00",
      "10.0.0.1",
      "<",
      "a=b",
      "\t"
    };
    return values[random.nextInt(values.length)];
  }
}
