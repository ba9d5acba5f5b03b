package dev.bitacora.collector.support;

import dev.bitacora.collector.support.FakeElasticsearch.Answer;
import dev.bitacora.collector.support.FakeElasticsearch.Item;
import dev.bitacora.collector.support.FakeElasticsearch.Trouble;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What an Elasticsearch, or something in front of it, can do to bulks. */
@SuppressWarnings("ImmutableEnumChecker") // the troubles below have no state
public enum BulkTrouble {
  REQUESTS_REFUSED_429(instead(Answer.error(429, "es_rejected_execution_exception"))),
  REQUESTS_REFUSED_503(instead(Answer.error(503, "master_not_discovered_exception"))),
  PASSWORD_REVOKED(instead(Answer.error(401, "security_exception"))),
  ROLE_REVOKED(instead(Answer.error(403, "security_exception"))),
  HTML_INSTEAD_OF_AN_ANSWER(instead(Answer.html(200))),
  HTML_WITH_400(instead(Answer.html(400))),
  HTML_WITH_502(instead(Answer.html(502))),
  SOME_ITEMS_429(refusing(429, "es_rejected_execution_exception")),
  SOME_ITEMS_503(refusing(503, "unavailable_shards_exception")),
  SOME_ITEMS_BLOCKED(refusing(403, "cluster_block_exception")),
  SOME_ITEMS_BEYOND_A_LIMIT(refusing(400, "illegal_argument_exception")),
  WRITTEN_AND_504(after(answer -> Answer.html(504))),
  WRITTEN_AND_CUT_OFF(after(answer -> null)),
  FEWER_ITEMS(after(answer -> body(answer, "\"items\":[]"))),
  MORE_ITEMS(after(answer -> body(answer, "\"items\":[$1,$1]"))),
  OTHER_IDS(after(answer -> replaced(answer, "\"_id\":\"", "\"_id\":\"x"))),
  OTHER_INDICES(after(answer -> replaced(answer, "\"_index\":\"", "\"_index\":\"x"))),
  OTHER_ACTIONS(after(answer -> replaced(answer, "\"create\":", "\"index\":"))),
  ERRORS_UNDER_A_GOOD_SUMMARY(
      after(answer -> replaced(answer, "\"status\":201", "\"status\":503"))),
  NO_STATUS(after(answer -> replaced(answer, "\"status\":201", "\"other\":1"))),
  TRUNCATED(
      after(
          answer ->
              new Answer(
                  200, answer.type(), answer.body().substring(0, answer.body().length() / 2)))),
  EMPTY(after(answer -> new Answer(200, answer.type(), "")));

  private final Trouble trouble;

  BulkTrouble(Trouble trouble) {
    this.trouble = trouble;
  }

  public Trouble trouble() {
    return trouble;
  }

  private static Trouble instead(Answer answer) {
    return new Trouble() {
      @Override
      public Answer instead() {
        return answer;
      }
    };
  }

  /** Each second document, and the canaries, so that nobody calls the documents poison. */
  private static Trouble refusing(int status, String type) {
    return new Trouble() {
      @Override
      public Optional<Map.Entry<Integer, String>> refusal(Item item) {
        boolean refused =
            item.id().hashCode() % 2 == 0
                || item.document().toString().contains("collector.canary");
        return refused ? Optional.of(Map.entry(status, type)) : Optional.empty();
      }
    };
  }

  private static Trouble after(UnaryOperator<Answer> change) {
    return new Trouble() {
      @Override
      public Answer after(Answer answer) {
        return change.apply(answer);
      }
    };
  }

  private static Answer replaced(Answer answer, String text, String other) {
    return new Answer(answer.status(), answer.type(), answer.body().replace(text, other));
  }

  private static Answer body(Answer answer, String items) {
    return new Answer(
        answer.status(), answer.type(), answer.body().replaceFirst("\"items\":\\[(.*)\\]", items));
  }
}
