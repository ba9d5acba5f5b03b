package dev.bitacora.examples.component;

import dev.bitacora.agent.Receipt;
import dev.bitacora.core.event.Dataset;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Proof of what a component recorded, kept outside the product, and its count. One line for each
 * accepted audit event or log line: event id, dataset and the exact bytes (JSON without line
 * breaks), separated by tabs. Safe for any thread.
 */
public final class ReceiptFile implements Consumer<Receipt>, AutoCloseable {
  private final Optional<OutputStream> out;
  private final LongAdder auditEvents = new LongAdder();
  private final LongAdder logLines = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** Without a file it only counts. */
  ReceiptFile(Optional<Path> file) {
    try {
      out =
          file.isPresent()
              ? Optional.of(new BufferedOutputStream(Files.newOutputStream(file.get()), 1 << 16))
              : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("receipts: " + file.orElseThrow() + " cannot be written", e);
    }
  }

  /** One line of such a file. */
  @SuppressWarnings("ArrayRecordComponent") // read, looked up and compared by its bytes
  public record Line(String eventId, Dataset dataset, byte[] bytes) {}

  /** Hands over every line of a file, one after the other. */
  public static void read(Path file, Consumer<Line> lines) throws IOException {
    try (Stream<String> texts = Files.lines(file)) {
      texts.map(ReceiptFile::parse).forEach(lines);
    }
  }

  private static Line parse(String line) {
    String[] columns = line.split("\t", 3);
    return new Line(
        columns[0],
        Dataset.of(columns[1]).orElseThrow(),
        columns[2].getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void accept(Receipt receipt) {
    if (!receipt.isAccepted()) {
      refused.increment();
      return;
    }
    if (receipt.dataset() == Dataset.LOG) {
      logLines.increment();
    } else {
      auditEvents.increment();
    }
    out.ifPresent(proof -> write(receipt, proof));
  }

  private synchronized void write(Receipt receipt, OutputStream proof) {
    String head = receipt.eventId().orElseThrow() + "\t" + receipt.dataset().text() + "\t";
    try {
      proof.write(head.getBytes(StandardCharsets.US_ASCII));
      proof.write(receipt.bytes());
      proof.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("receipts: cannot be written", e);
    }
  }

  /** What was recorded so far; the file then holds all of it. */
  synchronized Recorded recorded() {
    try {
      if (out.isPresent()) {
        out.get().flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("receipts: cannot be written", e);
    }
    return new Recorded(auditEvents.sum(), logLines.sum(), refused.sum());
  }

  @Override
  public synchronized void close() throws IOException {
    if (out.isPresent()) {
      out.get().close();
    }
  }
}
