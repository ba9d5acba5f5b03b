package dev.bitacora.viewer.page;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.output.StringOutput;
import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void markup_isEscaped() {
    assertThat(html(Visible.of("<a href=\"x\" id='y'>&amp;")))
        .isEqualTo("&lt;a href=&#34;x&#34; id=&#39;y&#39;&gt;&amp;amp;");
  }

  @Test
  void whatHidesOrReorders_isShownByItsCode() {
    for (int c :
        new int[] {0, 7, 0x1B, 0x7F, 0x85, 0xAD, 0x200B, 0x200D, 0x2028, 0x202E, 0x2066, 0xFEFF}) {
      String html = html(Visible.of("a" + Character.toString(c) + "b"));
      assertThat(html).as("%04X", c).doesNotContain(Character.toString(c));
      assertThat(html).contains(String.format("U+%04X", c));
    }
    assertThat(html(Visible.of(Character.toString(0xE0041)))).contains("U+E0041");
    assertThat(html(Visible.of("\u3164"))).contains("U+3164");
  }

  @Test
  void lineBreaks_areSignsInALineAndBreaksInABlock() {
    assertThat(html(Visible.of("a\nb"))).contains("↵");
    assertThat(html(Visible.lines("a\n\tb"))).isEqualTo("a\n\tb");
    assertThat(html(Visible.lines("a\rb"))).contains("U+000D");
  }

  @Test
  void ordinaryText_ofAnyLanguage_staysAsItIs() {
    String text = "Señor Ñandú, 中文, עברית, Ελλάδα, 😀 – “ok”";
    assertThat(html(Visible.of(text))).isEqualTo(text);
  }

  @Test
  void aLongText_endsBetweenCharacters() {
    assertThat(html(Visible.beginning("😀😀😀", 2))).isEqualTo("😀😀…");
    assertThat(html(Visible.beginning("abc", 3))).isEqualTo("abc");
  }

  @Test
  void inAttributes_namesStandForUnseenCharacters() {
    assertThat(Visible.plain("a\u202Eb")).isEqualTo("a⟨U+202E⟩b");
  }

  private static String html(Visible text) {
    StringOutput output = new StringOutput();
    text.writeTo(output);
    return output.toString();
  }
}
