package dev.bitacora.collector.deadletter;

import dev.bitacora.core.wire.KafkaHeaders.Header;
import dev.bitacora.store.LogPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A dead letter as bytes, big-endian; text is UTF-8.
 *
 * <pre>
 * frame
 *   u32 length of the body ‖ u32 CRC-32C of the body ‖ body
 * body
 *   i64 when it was parked, ms since 1970
 *   text reason ‖ text detail ‖ text sender        text: u32 length ‖ bytes
 *   u32 attempts ‖ u32 replays
 *   text log of the origin ‖ i64 offset            empty text and 0: it has none
 *   bytes key                                      bytes: u32 length ‖ bytes; length -1: there is none
 *   u32 number of headers ‖ for each: text name ‖ bytes value
 *   bytes value
 *   i64 when its log took it, ms since 1970        missing in frames of the first program: when parked
 * </pre>
 */
final class DeadLetterFrame {
  static final int HEADER = 8;
  private static final int NONE = -1;

  private DeadLetterFrame() {}

  /** The frame of a dead letter. */
  static byte[] write(DeadLetter letter) {
    try {
      byte[] body = body(letter);
      ByteArrayOutputStream frame = new ByteArrayOutputStream(HEADER + body.length);
      DataOutputStream out = new DataOutputStream(frame);
      out.writeInt(body.length);
      out.writeInt(checksum(body));
      out.write(body);
      return frame.toByteArray();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory", impossible);
    }
  }

  static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }

  private static byte[] body(DeadLetter letter) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    RawRecord record = letter.record();
    out.writeLong(letter.at().toEpochMilli());
    writeText(out, letter.reason().text());
    writeText(out, letter.detail());
    writeText(out, record.sender());
    out.writeInt(letter.attempts());
    out.writeInt(letter.replays());
    writeText(out, record.origin().map(LogPosition::log).orElse(""));
    out.writeLong(record.origin().map(LogPosition::offset).orElse(0L));
    writeBytes(out, record.key());
    out.writeInt(record.headers().size());
    for (Header header : record.headers()) {
      writeText(out, header.name());
      writeBytes(out, Optional.ofNullable(header.value()));
    }
    writeBytes(out, record.value());
    out.writeLong(letter.appended().toEpochMilli());
    return body.toByteArray();
  }

  /** Reads a body whose checksum is right. */
  static DeadLetter read(byte[] body) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
    Instant at = Instant.ofEpochMilli(in.readLong());
    String reason = readText(in);
    String detail = readText(in);
    String sender = readText(in);
    int attempts = in.readInt();
    int replays = in.readInt();
    String log = readText(in);
    long offset = in.readLong();
    Optional<byte[]> key = readBytes(in);
    int count = in.readInt();
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.add(new Header(readText(in), readBytes(in).orElse(null)));
    }
    Optional<LogPosition> origin =
        log.isEmpty() ? Optional.empty() : Optional.of(new LogPosition(log, offset));
    RawRecord record = new RawRecord(origin, sender, key, headers, readBytes(in));
    Instant appended = in.available() == 0 ? at : Instant.ofEpochMilli(in.readLong());
    return new DeadLetter(
        record,
        DeadLetterReason.of(reason)
            .orElseThrow(() -> new IOException("no dead letter has the reason \"" + reason + "\"")),
        detail,
        attempts,
        replays,
        appended,
        at);
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, Optional.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static void writeBytes(DataOutputStream out, Optional<byte[]> bytes) throws IOException {
    out.writeInt(bytes.map(b -> b.length).orElse(NONE));
    if (bytes.isPresent()) {
      out.write(bytes.get());
    }
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(
        readBytes(in).orElseThrow(() -> new IOException("expected a text, found none")),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Optional<byte[]> readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length == NONE) {
      return Optional.empty();
    }
    if (length < 0 || length > in.available()) {
      throw new IOException("a length of " + length + " is beyond the frame");
    }
    return Optional.of(in.readNBytes(length));
  }
}
