package dev.bitacora.bench.chaos.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BulkTest {
  private static final String BODY =
      """
      {"create":{"_index":"i","_id":"a"}}
      {"n":1}
      {"create":{"_index":"i","_id":"b"}}
      {"n":2}
      {"create":{"_index":"i","_id":"c"}}
      {"n":3}
      """;

  private final List<String> forwarded = new ArrayList<>();

  /** Writes what it gets and says so. */
  private Reply node(byte[] body) {
    forwarded.add(new String(body, StandardCharsets.UTF_8));
    String items =
        new String(body, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("create"))
            .map(line -> line.replace("\"}}", "\",\"status\":201}}"))
            .reduce((a, b) -> a + "," + b)
            .orElse("");
    return Reply.json(200, "{\"errors\":false,\"items\":[" + items + "]}");
  }

  private Bulk bulk() {
    return new Bulk(BODY.getBytes(StandardCharsets.UTF_8), this::node, new Random(1));
  }

  private static List<Object> statuses(Reply reply) {
    return reply.items().stream()
        .map(item -> ((Map<?, ?>) item.get("create")).get("status"))
        .map(Object.class::cast)
        .toList();
  }

  @Test
  void itemsThatAreRefused_doNotReachTheNode_andStandInTheirPlaces() throws IOException {
    Reply reply = bulk().forwardBut(i -> i == 1, 429, "rejected");
    assertThat(statuses(reply)).containsExactly(201L, 429L, 201L);
    assertThat(forwarded).hasSize(1);
    assertThat(forwarded.get(0)).contains("\"a\"", "\"c\"").doesNotContain("\"b\"", "\"n\":2");
  }

  @Test
  void aBulkOfWhichAllIsRefused_doesNotReachTheNode() throws IOException {
    Reply reply = bulk().forwardBut(i -> true, 429, "rejected");
    assertThat(statuses(reply)).containsExactly(429L, 429L, 429L);
    assertThat(forwarded).isEmpty();
  }

  @Test
  void aBulkWrittenAndCutOff_hasReachedTheNode() throws IOException {
    assertThat(Tampering.WRITTEN_AND_CUT_OFF.answer(bulk())).isEmpty();
    assertThat(forwarded).containsExactly(BODY);
  }

  @Test
  void fewerAndMoreItems_areOneLessAndOneMore() throws IOException {
    assertThat(Tampering.FEWER_ITEMS.answer(bulk()).orElseThrow().items()).hasSize(2);
    assertThat(Tampering.MORE_ITEMS.answer(bulk()).orElseThrow().items()).hasSize(4);
  }
}
