package dev.bitacora.collector.deadletter;

import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.KafkaHeaders.Header;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.LogPosition;
import java.util.List;
import java.util.Optional;

/**
 * A record as it came, before anybody knows whether it is an event. The arrays are not copied and
 * not to be changed.
 *
 * @param origin its place in the log, where it has one
 * @param sender who sent it, where the way it came names a sender; otherwise empty
 * @param key as Kafka has it; empty when there is none
 * @param value empty when there is none, which Kafka allows
 */
public record RawRecord(
    Optional<LogPosition> origin,
    String sender,
    Optional<byte[]> key,
    List<Header> headers,
    Optional<byte[]> value) {

  /** What one record costs beside its bytes: the objects around it. */
  private static final int OVERHEAD = 256;

  public RawRecord {
    headers = List.copyOf(headers);
  }

  /** A numbered record with the headers that it has in Kafka. */
  public static RawRecord of(WireRecord record, Optional<LogPosition> origin, String sender) {
    return new RawRecord(
        origin,
        sender,
        Optional.of(KafkaHeaders.key(record)),
        KafkaHeaders.of(record),
        Optional.of(record.value()));
  }

  /** What somebody sent as an event that has no number. */
  public static RawRecord unnumbered(byte[] value, String sender) {
    return new RawRecord(Optional.empty(), sender, Optional.empty(), List.of(), Optional.of(value));
  }

  /** Memory that this record holds, roughly. */
  public long size() {
    long size = (long) OVERHEAD + length(key.orElse(null)) + length(value.orElse(null));
    for (int i = 0; i < headers.size(); i++) { // asked for each record, several times
      size += length(headers.get(i).value());
    }
    return size;
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Names the record without its content. */
  @Override
  public String toString() {
    return "RawRecord["
        + origin.map(position -> position.log() + "@" + position.offset()).orElse("from " + sender)
        + "]";
  }
}
