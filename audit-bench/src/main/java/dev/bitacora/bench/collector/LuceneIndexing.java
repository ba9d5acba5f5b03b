package dev.bitacora.bench.collector;

import com.sun.management.OperatingSystemMXBean;
import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.EventGenerator;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.lucene.RawIndex;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Indexes generated events in one of two ways; its arguments are the way, the folder and the number
 * of events to be measured; as many before them are not. Events are made a few thousand at a time
 * and that is not measured: all of them would not fit into the memory.
 */
public final class LuceneIndexing {
  private static final int WRITERS = 2;
  private static final int BATCH = 2_000;

  private final Way way;
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
  private long nanos;
  private long processorNanos;
  private long began;
  private long beganProcessors;

  private LuceneIndexing(Way way) {
    this.way = way;
  }

  /** One way to index. */
  private interface Way extends AutoCloseable {
    /** Work that can be done later, and is measured then. */
    Batch prepare(List<NewEvent> events);

    /** Makes durable what was not yet. */
    void commit() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Writes it. */
  private interface Batch {
    void write() throws IOException, IntakeUnavailableException;
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    ChildJvm.endWithParent();
    Path folder = Path.of(arguments[1]);
    try (Way way = arguments[0].equals("lucene") ? lucene(folder) : intake(folder)) {
      new LuceneIndexing(way).run(Integer.parseInt(arguments[2]));
    }
    System.exit(0);
  }

  private static Way intake(Path folder) {
    EmbeddedService service = new EmbeddedService(folder);
    return new Way() {
      @Override
      public Batch prepare(List<NewEvent> events) {
        List<WireRecord> records = events.stream().map(Backlog::wire).toList();
        return () -> service.append(records);
      }

      @Override
      public void commit() {
        // appended is durable
      }

      @Override
      public void close() {
        service.close();
      }
    };
  }

  private static Way lucene(Path folder) throws IOException {
    RawIndex index = new RawIndex(folder);
    return new Way() {
      @Override
      public Batch prepare(List<NewEvent> events) {
        return () -> index.add(events);
      }

      @Override
      public void commit() throws IOException {
        index.commit();
      }

      @Override
      public void close() throws IOException {
        index.close();
      }
    };
  }

  private void run(int events) throws IOException, InterruptedException, ExecutionException {
    List<EventGenerator> streams = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      streams.add(new EventGenerator(i + 1L, Instant.now().minusSeconds(3600)));
    }
    write(streams, events); // the compilers are busy meanwhile
    nanos = 0;
    processorNanos = 0;
    write(streams, events);
    begin();
    way.commit();
    end();
    Rates.printResult(events, nanos / 1e9, processorNanos / 1e9);
    writers.shutdown();
  }

  private void write(List<EventGenerator> streams, int events)
      throws InterruptedException, ExecutionException {
    for (int made = 0; made < events; ) {
      List<Batch> batches = new ArrayList<>();
      for (EventGenerator stream : streams) {
        int size = Math.min(BATCH, events - made);
        if (size > 0) {
          batches.add(way.prepare(stream.next(size)));
          made += size;
        }
      }
      begin();
      write(batches);
      end();
    }
  }

  private void write(List<Batch> batches) throws InterruptedException, ExecutionException {
    List<Future<?>> written = new ArrayList<>();
    for (Batch batch : batches) {
      written.add(
          writers.submit(
              () -> {
                batch.write();
                return null;
              }));
    }
    for (Future<?> one : written) {
      one.get();
    }
  }

  private void begin() {
    beganProcessors = processorNanos();
    began = System.nanoTime();
  }

  private void end() {
    nanos += System.nanoTime() - began;
    processorNanos += processorNanos() - beganProcessors;
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
