package dev.bitacora.store.lucene;

import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import dev.bitacora.store.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What a document gives back, one stored value, big-endian:
 *
 * <pre>
 * u8  form, 1
 * key[32]: stream[16] ‖ u64 sequence ‖ hash[8]
 * u64 time, nanoseconds since 1970
 * u8  1 when the event's own time is plausible
 * i64 seconds ‖ u32 nanoseconds of event.ingested
 * u8  event.agent_id_status: 0 verified, 1 mismatch, 2 auth_metadata_missing
 * u64 ledger.offset
 * u16 length ‖ ledger.log, UTF-8
 * the event's bytes
 * </pre>
 */
final class StoredForm {
  static final int KEY_BYTES = StreamPosition.BYTES + NewEvent.HASH_DIGITS / 2;

  private static final byte FORM = 1;
  private static final int FIXED_BYTES = 1 + KEY_BYTES + 8 + 1 + 8 + 4 + 1 + 8 + 2;
  private static final List<AgentIdStatus> STATUSES =
      List.of(AgentIdStatus.VERIFIED, AgentIdStatus.MISMATCH, AgentIdStatus.AUTH_METADATA_MISSING);

  private StoredForm() {}

  static byte[] key(NewEvent event) {
    ByteBuffer key = ByteBuffer.allocate(KEY_BYTES);
    key.put(event.position().toBytes()).put(HexFormat.of().parseHex(event.hash()));
    return key.array();
  }

  static byte[] encode(NewEvent event, byte[] key, Placement placement) {
    byte[] log = event.log().log().getBytes(StandardCharsets.UTF_8);
    byte[] original = event.event().bytes();
    ByteBuffer form = ByteBuffer.allocate(FIXED_BYTES + log.length + original.length);
    form.put(FORM).put(key);
    form.putLong(EventTime.toNanos(placement.time()));
    form.put((byte) (placement.plausible() ? 1 : 0));
    Instant ingested = event.ingested();
    form.putLong(ingested.getEpochSecond()).putInt(ingested.getNano());
    form.put((byte) STATUSES.indexOf(event.agentIdStatus()));
    form.putLong(event.log().offset());
    form.putShort((short) log.length).put(log);
    form.put(original);
    return form.array();
  }

  static StoredEvent decode(byte[] bytes) {
    ByteBuffer form = ByteBuffer.wrap(bytes);
    if (form.get() != FORM) {
      throw new IllegalStateException("a document has a stored form that this version never wrote");
    }
    StreamPosition position = StreamPosition.readFrom(form);
    byte[] hash = new byte[NewEvent.HASH_DIGITS / 2];
    form.get(hash);
    Instant time = EventTime.ofNanos(form.getLong());
    boolean plausible = form.get() == 1;
    Instant ingested = Instant.ofEpochSecond(form.getLong(), form.getInt());
    AgentIdStatus status = STATUSES.get(form.get());
    long offset = form.getLong();
    byte[] log = new byte[Short.toUnsignedInt(form.getShort())];
    form.get(log);
    byte[] original = new byte[form.remaining()];
    form.get(original);
    return new StoredEvent(
        position,
        HexFormat.of().formatHex(hash),
        original,
        time,
        plausible,
        ingested,
        new LogPosition(new String(log, StandardCharsets.UTF_8), offset),
        status);
  }
}
