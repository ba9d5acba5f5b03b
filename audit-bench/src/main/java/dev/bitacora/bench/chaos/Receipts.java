package dev.bitacora.bench.chaos;

import dev.bitacora.core.chain.StreamPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the components were told: position and SHA-256 of each accepted record. One thread's. */
final class Receipts {
  private final Map<StreamPosition, String> hashes = new TreeMap<>();

  /** Takes a component's file; how many receipts it held. */
  int add(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      List<ReceiptLine> whole = lines.flatMap(line -> ReceiptLine.parse(line).stream()).toList();
      whole.forEach(this::add);
      return whole.size();
    }
  }

  void add(ReceiptLine line) {
    if (hashes.put(line.position(), line.hash()) != null) {
      throw new IllegalStateException("two receipts for " + line.position());
    }
  }

  Map<StreamPosition, String> hashes() {
    return hashes;
  }

  int size() {
    return hashes.size();
  }
}
