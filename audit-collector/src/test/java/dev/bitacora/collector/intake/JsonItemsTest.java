package dev.bitacora.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonItemsTest {
  @Test
  void lines_withBlankOnesAndCarriageReturns_givesTheOthers() {
    assertThat(lines("{\"a\":1}\r\n\n  \n{\"b\":2}")).containsExactly("{\"a\":1}", "{\"b\":2}");
  }

  @Test
  void elements_ofAnArray_cutsAtTheTopOnly() {
    assertThat(elements(" [ {\"a\":[1,2]} , {\"b\":{\"c\":3}} ] "))
        .containsExactly("{\"a\":[1,2]}", "{\"b\":{\"c\":3}}");
  }

  @Test
  void elements_withBracketsAndQuotesInStrings_isNotFooled() {
    assertThat(elements("[{\"a\":\"],[\\\"},\"},{\"b\":\"\\\\\"}]"))
        .containsExactly("{\"a\":\"],[\\\"},\"}", "{\"b\":\"\\\\\"}");
  }

  @Test
  void elements_withABadOne_keepsItsNeighbours() {
    assertThat(elements("[{\"a\":1},{\"b\":},nonsense,{\"c\":3}]"))
        .containsExactly("{\"a\":1}", "{\"b\":}", "nonsense", "{\"c\":3}");
  }

  @Test
  void elements_ofAnArrayThatNeverEnds_givesTheRestAsOneItem() {
    assertThat(elements("[{\"a\":1},{\"b\":2")).containsExactly("{\"a\":1}", "{\"b\":2");
  }

  @Test
  void elements_withSomethingBehindTheArray_givesItAsAnItem() {
    assertThat(elements("[{\"a\":1}] x")).containsExactly("{\"a\":1}", "x");
  }

  @Test
  void elements_ofASingleObject_isThatObject() {
    assertThat(elements("\n{\"a\":1,\"b\":2} ")).containsExactly("{\"a\":1,\"b\":2}");
  }

  @Test
  void elements_ofNothing_isNothing() {
    assertThat(elements("")).isEmpty();
    assertThat(elements("[]")).isEmpty();
    assertThat(lines("\n\n")).isEmpty();
  }

  private static List<String> lines(String body) {
    return text(JsonItems.lines(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> elements(String body) {
    return text(JsonItems.elements(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> text(List<byte[]> items) {
    return items.stream().map(item -> new String(item, StandardCharsets.UTF_8)).toList();
  }
}
