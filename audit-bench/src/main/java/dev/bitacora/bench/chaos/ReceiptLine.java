package dev.bitacora.bench.chaos;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamPosition;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a component tells of one accepted record: event id, space, SHA-256 of its bytes.
 *
 * @param hash hexadecimal
 */
record ReceiptLine(StreamPosition position, String hash) {
  private static final int ID_LENGTH = 49;
  private static final int LENGTH = ID_LENGTH + 1 + 64;

  static String of(StreamPosition position, byte[] value) {
    return position.eventId() + " " + HexFormat.of().formatHex(ChainLink.hash(value));
  }

  /** Empty for a line that its writer did not finish. */
  static Optional<ReceiptLine> parse(String line) {
    return line.length() == LENGTH
        ? Optional.of(
            new ReceiptLine(
                StreamPosition.parse(line.substring(0, ID_LENGTH)), line.substring(ID_LENGTH + 1)))
        : Optional.empty();
  }
}
