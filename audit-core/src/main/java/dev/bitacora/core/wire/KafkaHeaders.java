package dev.bitacora.core.wire;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamPosition;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A record as a Kafka record's key and headers, so that nobody parses JSON to know what a record
 * is.
 *
 * <pre>
 * key    stream[16]
 * bt-v   1 byte    wire version, 1
 * bt-k   1 byte    1 audit, 2 log, 3 control
 * bt-s   24 bytes  stream[16] ‖ sequence, u64 big-endian
 * bt-p   32 bytes  link of the stream's chain before this record
 * </pre>
 *
 * A record is well-formed if each of these headers stands there once with its length, the version
 * is 1 and the value is not null; other headers are ignored.
 */
public final class KafkaHeaders {
  public static final String VERSION = "bt-v";
  public static final String KIND = "bt-k";
  public static final String POSITION = "bt-s";
  public static final String PREVIOUS = "bt-p";

  /** The version this code writes and reads. */
  public static final byte WIRE_VERSION = 1;

  /** One header; the value is not copied, and nobody changes it. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between two libraries, never compared
  public record Header(String name, byte[] value) {}

  // The same for all records: a producer keeps a record's headers until it is acknowledged.
  private static final Header WRITTEN_VERSION = new Header(VERSION, new byte[] {WIRE_VERSION});
  private static final Map<RecordKind, Header> KINDS = kinds();

  private KafkaHeaders() {}

  private static Map<RecordKind, Header> kinds() {
    Map<RecordKind, Header> kinds = new EnumMap<>(RecordKind.class);
    for (RecordKind kind : RecordKind.values()) {
      kinds.put(kind, new Header(KIND, new byte[] {kind.code()}));
    }
    return kinds;
  }

  /**
   * The same name, where it is one of ours as the constant: a Kafka client makes new ones for each
   * record, which are kept as long as the record is.
   */
  public static String name(String name) {
    return switch (name) {
      case VERSION -> VERSION;
      case KIND -> KIND;
      case POSITION -> POSITION;
      case PREVIOUS -> PREVIOUS;
      default -> name;
    };
  }

  /** The Kafka record's key: one stream, one partition, in order. */
  public static byte[] key(WireRecord record) {
    return record.position().stream().toBytes();
  }

  /** The record's headers, in the order of the format. */
  public static List<Header> of(WireRecord record) {
    return List.of(
        WRITTEN_VERSION,
        KINDS.get(record.kind()),
        new Header(POSITION, record.position().toBytes()),
        new Header(PREVIOUS, record.previous().toBytes()));
  }

  /**
   * Reads a record from a Kafka record's headers and value.
   *
   * @param value null when the Kafka record has none
   */
  public static WireRecord read(Iterable<Header> headers, byte[] value)
      throws MalformedRecordException {
    byte[] version = only(headers, VERSION, 1);
    if (version[0] != WIRE_VERSION) {
      throw new MalformedRecordException(
          "bt-v: this reader knows wire version 1, found " + version[0]);
    }
    byte kind = only(headers, KIND, 1)[0];
    ByteBuffer position = ByteBuffer.wrap(only(headers, POSITION, StreamPosition.BYTES));
    ChainLink previous = ChainLink.of(only(headers, PREVIOUS, ChainLink.BYTES));
    if (value == null) {
      throw new MalformedRecordException("value: expected an event, found null");
    }
    return new WireRecord(kindOf(kind), positionFrom(position), previous, value);
  }

  private static byte[] only(Iterable<Header> headers, String name, int length)
      throws MalformedRecordException {
    byte[] value = null;
    int found = 0;
    for (Header header : headers) {
      if (header.name().equals(name)) {
        value = header.value();
        found++;
      }
    }
    if (found != 1) {
      throw new MalformedRecordException(name + ": expected once, found " + found + " times");
    }
    if (value == null || value.length != length) {
      throw new MalformedRecordException(name + ": expected " + length + " bytes");
    }
    return value;
  }

  static RecordKind kindOf(byte code) throws MalformedRecordException {
    return RecordKind.of(code)
        .orElseThrow(() -> new MalformedRecordException("kind: expected 1, 2 or 3, found " + code));
  }

  static StreamPosition positionFrom(ByteBuffer buffer) throws MalformedRecordException {
    try {
      return StreamPosition.readFrom(buffer);
    } catch (IllegalArgumentException e) {
      throw new MalformedRecordException(e.getMessage());
    }
  }
}
