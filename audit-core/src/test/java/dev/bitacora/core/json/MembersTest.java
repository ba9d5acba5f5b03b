package dev.bitacora.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembersTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 5, 8, 15, 16, 17, 100})
  void members_areFoundInTheirOrder_whateverTheirNumber(int count) {
    Members members = new Members();
    Map<String, Object> expected = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Object value = i % 3 == 0 ? null : i;
      assertThat(members.add("name" + i, value)).isTrue();
      expected.put("name" + i, value);
    }
    Map<String, Object> map = members.toMap();
    assertThat(map).isEqualTo(expected).hasSameHashCodeAs(expected);
    assertThat(map.keySet()).containsExactlyElementsOf(expected.keySet());
    for (String name : expected.keySet()) {
      assertThat(map.containsKey(name)).isTrue();
      assertThat(map.get(name)).isEqualTo(expected.get(name));
    }
    assertThat(map.containsKey("other")).isFalse();
    assertThat(map.get("other")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 40})
  void aNameThatIsThere_isNotTaken(int count) {
    Members members = new Members();
    for (int i = 0; i < count; i++) {
      assertThat(members.add("name" + i, null)).isTrue();
    }
    assertThat(members.add("name0", 1)).isFalse();
  }
}
