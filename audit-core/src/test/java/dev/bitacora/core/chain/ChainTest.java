package dev.bitacora.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final StreamId STREAM = StreamId.parse("019ab2c3-d4e5-7f60-8123-456789abcdef");

  @Test
  void newStream_isVersion7AndCarriesItsStart() {
    Instant start = Instant.parse("2026-11-21T10:15:30.123Z");

    StreamId stream = StreamId.newAt(start);

    assertThat(stream.uuid().version()).isEqualTo(7);
    assertThat(stream.uuid().variant()).isEqualTo(2);
    assertThat(stream.uuid().getMostSignificantBits() >>> 16).isEqualTo(start.toEpochMilli());
    assertThat(StreamId.newAt(start)).isNotEqualTo(stream);
  }

  @Test
  void streams_sortByTheTimeTheyBegan_likeTheirText() {
    StreamId earlier = StreamId.newAt(Instant.parse("2026-11-21T10:15:30.123Z"));
    StreamId later = StreamId.newAt(Instant.parse("2026-11-21T10:15:30.124Z"));

    assertThat(earlier).isLessThan(later);
    assertThat(earlier.toString()).isLessThan(later.toString());
  }

  @Test
  void eventId_isStreamAndTwelveDigits_andReadsBack() {
    StreamPosition position = new StreamPosition(STREAM, 42);

    assertThat(position.eventId()).isEqualTo("019ab2c3-d4e5-7f60-8123-456789abcdef-000000000042");
    assertThat(StreamPosition.parse(position.eventId())).isEqualTo(position);
    assertThat(StreamPosition.readFrom(ByteBuffer.wrap(position.toBytes()))).isEqualTo(position);
  }

  @Test
  void position_refusesNumbersThatHaveNoFixedWidth() {
    assertThatThrownBy(() -> new StreamPosition(STREAM, -1)).hasMessageContaining("0 to 10^12 - 1");
    assertThatThrownBy(() -> new StreamPosition(STREAM, StreamPosition.SEQUENCE_LIMIT))
        .hasMessageContaining("0 to 10^12 - 1");
    assertThatThrownBy(() -> StreamPosition.parse("x")).hasMessageContaining("event.id");
    assertThatThrownBy(
            () -> StreamPosition.parse("019ab2c3-d4e5-7f60-8123-456789abcdef-00000000004x"))
        .hasMessageContaining("12 digits");
  }

  @Test
  void link_isTheHashThatTheFormatSays() throws Exception {
    byte[] value = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    StreamPosition position = new StreamPosition(STREAM, 7);
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] valueHash = sha.digest(value);
    byte[] expected =
        sha.digest(
            ByteBuffer.allocate(18 + 16 + 8 + 32 + 32)
                .put("bitacora-chain/v1\n".getBytes(StandardCharsets.US_ASCII))
                .putLong(STREAM.uuid().getMostSignificantBits())
                .putLong(STREAM.uuid().getLeastSignificantBits())
                .putLong(7)
                .put(new byte[32])
                .put(valueHash)
                .array());

    ChainLink link = ChainLink.ZERO.next(position, value);

    assertThat(link.toBytes()).isEqualTo(expected);
  }

  @Test
  void link_neverChangesForTheSameStream() {
    // Computed by another implementation and typed in: whoever changes the format breaks every
    // chain that was ever written.
    ChainLink first =
        ChainLink.ZERO.next(
            new StreamPosition(STREAM, 0), "first".getBytes(StandardCharsets.UTF_8));
    ChainLink second =
        first.next(new StreamPosition(STREAM, 1), "second".getBytes(StandardCharsets.UTF_8));

    assertThat(first.toString()).isEqualTo(GOLDEN_FIRST);
    assertThat(second.toString()).isEqualTo(GOLDEN_SECOND);
  }

  private static final String GOLDEN_FIRST =
      "9c24ad73564ce8dfb4a20f3e015147eaeca0cf01b878d66c27189bbccec8ae7f";
  private static final String GOLDEN_SECOND =
      "904c449c6cc80941b4bcf3de64c490379d53643067b5d3d4dc5241f58c0b166f";

  @Test
  void link_takesOnly32Bytes() {
    assertThatThrownBy(() -> ChainLink.of(new byte[31])).hasMessageContaining("32 bytes");
    assertThat(ChainLink.of(new byte[32])).isEqualTo(ChainLink.ZERO);
    assertThat(HexFormat.of().parseHex(ChainLink.ZERO.toString())).hasSize(32);
  }
}
