package dev.bitacora.viewer.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import org.junit.jupiter.api.Test;

class QueryEditTest {
  private static final Query ANN = new Query.Match(FieldName.of("user.id"), "ann lee");

  @Test
  void adding_joinsWithAndAndKeepsWhatWasAsked() throws Exception {
    QueryEdit edit = QueryEdit.of(Query.parse("timeout or action:a")).with(ANN);
    assertThat(edit.text()).isEqualTo("(timeout or event.action:a) and actor:\"ann lee\"");
    assertThat(Query.parse(edit.text()))
        .isEqualTo(Query.and(Query.parse("timeout or action:a"), ANN));
  }

  @Test
  void adding_theOppositeOfAClause_replacesIt() throws Exception {
    QueryEdit edit = QueryEdit.of(Query.parse("not actor:\"ann lee\" and x")).with(ANN);
    assertThat(edit.text()).isEqualTo("x and actor:\"ann lee\"");
    assertThat(edit.with(new Query.Not(ANN)).text()).isEqualTo("x and not actor:\"ann lee\"");
  }

  @Test
  void removing_leavesTheRest() throws Exception {
    QueryEdit edit = QueryEdit.of(Query.parse("a and (b and not c) and d"));
    assertThat(edit.clauses()).hasSize(4);
    assertThat(edit.without(Query.parse("not c")).text()).isEqualTo("a and b and d");
    assertThat(QueryEdit.of(Query.parse("a")).without(Query.parse("a")).text()).isEmpty();
  }

  @Test
  void everyText_parsesToTheSameClauses() throws Exception {
    for (String text :
        new String[] {
          "not (a or b) and c",
          "event.duration > 5 and outcome:failure",
          "not outcome:success",
          "ip:10.0.0.0/8 and labels.region:north",
          "action:invoice.* and error.code:*"
        }) {
      QueryEdit edit = QueryEdit.of(Query.parse(text));
      assertThat(QueryEdit.of(Query.parse(edit.text())).clauses()).isEqualTo(edit.clauses());
    }
  }
}
