package dev.bitacora.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.WireRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What must hold for every stream, whatever happened on its way. */
public final class StreamCheck {
  private StreamCheck() {}

  /** Numbers from 0 on; a gap ends in an agent.dropped record that names its first number. */
  public static void assertNoUnexplainedGap(List<WireRecord> distinct) {
    byStream(distinct).values().forEach(StreamCheck::assertContiguous);
  }

  /** Each record carries the link that its predecessors make. */
  public static void assertChained(List<WireRecord> ofOneStream) {
    ChainLink link = ChainLink.ZERO;
    for (WireRecord record : ofOneStream) {
      assertThat(record.previous()).as("link before %s", record).isEqualTo(link);
      link = link.next(record.position(), record.value());
    }
  }

  public static Map<StreamId, List<WireRecord>> byStream(List<WireRecord> records) {
    return records.stream()
        .collect(
            Collectors.groupingBy(
                record -> record.position().stream(), TreeMap::new, Collectors.toList()));
  }

  private static void assertContiguous(List<WireRecord> stream) {
    long expected = 0;
    for (WireRecord record : stream) {
      if (record.position().sequence() != expected) {
        assertThat(IntakeServer.parse(record.value()).value("audit.details.first"))
            .as("first number of the gap that %s closes", record)
            .contains(expected);
      }
      expected = record.position().sequence() + 1;
    }
  }
}
