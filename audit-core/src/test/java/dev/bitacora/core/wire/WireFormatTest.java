package dev.bitacora.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.KafkaHeaders.Header;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the wire format to files that another implementation wrote. */
class WireFormatTest {
  private static final StreamId STREAM = StreamId.parse("019ab2c3-d4e5-7f60-8123-456789abcdef");
  private static final byte[] FIRST = "first".getBytes(StandardCharsets.UTF_8);

  @Test
  void kafkaRecord_readsTheGoldenFile_andWritesItAgain() throws Exception {
    Map<String, String> golden =
        golden("kafka-record-v1.txt")
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    List<Header> headers =
        List.of("bt-v", "bt-k", "bt-s", "bt-p").stream()
            .map(name -> new Header(name, hex(golden.get(name))))
            .toList();

    WireRecord record = KafkaHeaders.read(headers, hex(golden.get("value")));

    assertThat(record.kind()).isEqualTo(RecordKind.AUDIT);
    assertThat(record.position()).isEqualTo(new StreamPosition(STREAM, 1));
    assertThat(record.previous())
        .isEqualTo(ChainLink.ZERO.next(new StreamPosition(STREAM, 0), FIRST));
    assertThat(KafkaHeaders.key(record)).isEqualTo(hex(golden.get("key")));
    for (Header header : KafkaHeaders.of(record)) {
      assertThat(header.value()).as(header.name()).isEqualTo(hex(golden.get(header.name())));
    }
  }

  @Test
  void batch_readsTheGoldenFile_andWritesItAgain() throws Exception {
    byte[] golden = hex(golden("batch-v1.hex").strip());

    List<WireRecord> records = BatchFormat.read(golden);

    assertThat(records)
        .extracting(WireRecord::kind)
        .containsExactly(RecordKind.CONTROL, RecordKind.AUDIT);
    assertThat(records).extracting(r -> r.position().sequence()).containsExactly(0L, 1L);
    assertThat(records.get(0).value()).isEqualTo(FIRST);
    assertThat(BatchFormat.write(records)).isEqualTo(golden);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bt-v", "bt-k", "bt-s", "bt-p"})
  void kafkaRecord_withAHeaderMissingTwiceOrOfWrongLength_isRefusedByName(String name) {
    List<Header> good = KafkaHeaders.of(record());
    Header header = good.stream().filter(h -> h.name().equals(name)).findFirst().orElseThrow();
    List<Header> without = good.stream().filter(h -> !h.name().equals(name)).toList();

    assertThatThrownBy(() -> KafkaHeaders.read(without, FIRST))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageStartingWith(name + ": expected once, found 0");
    assertThatThrownBy(() -> KafkaHeaders.read(plus(good, header), FIRST))
        .hasMessageStartingWith(name + ": expected once, found 2");
    Header longer = new Header(name, Arrays.copyOf(header.value(), header.value().length + 1));
    assertThatThrownBy(() -> KafkaHeaders.read(plus(without, longer), FIRST))
        .hasMessageStartingWith(name + ": expected");
    assertThatThrownBy(() -> KafkaHeaders.read(plus(without, new Header(name, null)), FIRST))
        .hasMessageStartingWith(name + ": expected");
  }

  @Test
  void kafkaRecord_ofAnotherVersionKindOrWithoutValue_isRefused() {
    List<Header> good = KafkaHeaders.of(record());
    assertThatThrownBy(() -> KafkaHeaders.read(good, null)).hasMessageContaining("null");
    assertThatThrownBy(() -> KafkaHeaders.read(replace(good, "bt-v", (byte) 2), FIRST))
        .hasMessageContaining("version 1, found 2");
    assertThatThrownBy(() -> KafkaHeaders.read(replace(good, "bt-k", (byte) 9), FIRST))
        .hasMessageContaining("found 9");
  }

  @Test
  void kafkaRecord_withOtherHeaders_isReadAllTheSame() throws Exception {
    List<Header> headers = plus(KafkaHeaders.of(record()), new Header("traceparent", FIRST));

    assertThat(KafkaHeaders.read(headers, FIRST).position()).isEqualTo(record().position());
  }

  @Test
  void batch_cutAtEveryByte_isRefusedOrReadsOnlyWholeFrames() {
    byte[] batch = BatchFormat.write(List.of(record(), record()));
    int wholeFirst = StreamId.BYTES + BatchFormat.FRAME_HEADER + FIRST.length;
    for (int length = 0; length < batch.length; length++) {
      byte[] cut = Arrays.copyOf(batch, length);
      if (length == wholeFirst) {
        continue;
      }
      assertThatThrownBy(() -> BatchFormat.read(cut))
          .as("cut at %s", length)
          .isInstanceOf(MalformedRecordException.class);
    }
  }

  @Test
  void batch_ofSeveralStreamsOrNone_isNotWritten() {
    WireRecord other =
        new WireRecord(
            RecordKind.AUDIT,
            new StreamPosition(StreamId.newAt(Instant.EPOCH), 0),
            ChainLink.ZERO,
            FIRST);
    assertThatThrownBy(() -> BatchFormat.write(List.of(record(), other)))
        .hasMessageContaining("one stream");
    assertThatThrownBy(() -> BatchFormat.write(List.of())).hasMessageContaining("at least one");
  }

  private static WireRecord record() {
    return new WireRecord(RecordKind.AUDIT, new StreamPosition(STREAM, 3), ChainLink.ZERO, FIRST);
  }

  private static List<Header> plus(List<Header> headers, Header header) {
    List<Header> all = new ArrayList<>(headers);
    all.add(header);
    return all;
  }

  private static List<Header> replace(List<Header> headers, String name, byte value) {
    return headers.stream()
        .map(h -> h.name().equals(name) ? new Header(name, new byte[] {value}) : h)
        .toList();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = WireFormatTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
