package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MappedSpoolTest extends DiskSpoolContract {
  @Override
  SegmentSource source() {
    return SegmentSource.MAPPED;
  }

  private Segment active() throws IOException {
    Path folder = Files.createDirectories(folder("segment"));
    SegmentName name = new SegmentName(1, StreamId.newAt(Instant.now()));
    Segment segment = SegmentSource.MAPPED.make(new Disk(folder), name, SEGMENT);
    segment.activate(0);
    return segment;
  }

  /** Appends until it is full; how many were taken. */
  private static long fill(Segment segment) {
    long count = 0;
    while (segment.append(RecordKind.AUDIT, payload(count)) >= 0) {
      count++;
    }
    return count;
  }

  private static byte[] payload(long number) {
    return ("record " + number + " ".repeat(200)).getBytes(StandardCharsets.UTF_8);
  }

  private static List<SpooledRecord> read(SegmentReader reader) throws IOException {
    List<SpooledRecord> read = new ArrayList<>();
    for (var r = reader.next(0); r.isPresent(); r = reader.next(read.size())) {
      read.add(r.get());
    }
    return read;
  }

  @Test
  void releasedSegment_isReadFromItsFile_alsoByWhomeverHasBegun() throws IOException {
    Segment segment = active();
    try (SegmentReader before = segment.reader(0)) {
      long count = fill(segment);
      segment.release();
      try (SegmentReader after = segment.reader(0)) {
        assertThat(after).isInstanceOf(StoredReader.class);
        List<SpooledRecord> fromFile = read(after);
        assertThat(after.isAtEnd()).isTrue();
        assertThat(fromFile).hasSize((int) count);
        assertThat(fromFile.get(7).value()).isEqualTo(payload(7));
        assertThat(read(before)).hasSize((int) count);
        assertThat(fromFile.get(fromFile.size() - 1).end()).isEqualTo(segment.used());
      }
    }
    segment.force();
    assertThat(segment.append(RecordKind.AUDIT, payload(0))).isEqualTo(Segment.FULL);
    assertThat(segment.appendLast(RecordKind.AUDIT, payload(0))).isEqualTo(Segment.FULL);
    assertThat(segment.recycle(new SegmentName(2, StreamId.newAt(Instant.now())))).isFalse();
    segment.discard();
  }

  @Test
  void segmentThatTakesRecords_isNotReleased() throws IOException {
    Segment segment = active();
    segment.append(RecordKind.AUDIT, payload(0));
    segment.release();
    assertThat(fill(segment)).isPositive();
  }

  @Test
  void segmentThatSomebodyStillWritesTo_isNotReleased() throws IOException {
    Segment segment = active();
    fill(segment);
    unfinishSecond(segment);
    segment.release();
    assertThat(segment.reader(0)).isInstanceOf(MappedReader.class);
  }

  /** The second record's claim: marked, but not committed. */
  private Path unfinishSecond(Segment segment) throws IOException {
    SpooledRecord first = read(segment.reader(0)).get(0);
    Path file = segment.name().in(folder("segment"));
    overwrite(file, first.end(), (byte) 0xFF);
    return file;
  }

  @Test
  void segmentThatSomebodyStillWritesTo_isForcedAgainForWhoeverWaitsNext() throws Exception {
    List<MappedByteBuffer> forced = new ArrayList<>();
    Path folder = folder("forced");
    Disk disk =
        new Disk(folder) {
          @Override
          void force(MappedByteBuffer memory, long bytes) throws IOException {
            super.force(memory, bytes);
            forced.add(memory);
          }
        };
    try (DiskSpool of = open(disk, 256 * SEGMENT);
        SpoolCursor reading = of.cursor()) {
      append(of, new byte[SEGMENT / 4], 4); // three of them fill a segment
      Path file = segments(folder).get(0);
      long second = all(reading).get(0).end();
      overwrite(file, second, (byte) 0xFF);
      force(of);
      assertThat(forced).as("both segments").hasSize(2);
      overwrite(file, second, (byte) 0); // the thread has finished its record
      force(of);
      assertThat(forced).as("both again").hasSize(4);
      force(of);
      assertThat(forced).as("the one that takes records").hasSize(5);
    }
  }

  private static void force(DiskSpool spool) {
    CompletableFuture<Void> forced = spool.forced();
    spool.tend();
    assertThat(forced).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void segmentThatSomebodyStillWritesTo_isNeitherUsedAgainNorCutShort() throws IOException {
    Segment segment = active();
    fill(segment);
    Path file = unfinishSecond(segment);
    assertThat(segment.recycle(new SegmentName(2, StreamId.newAt(Instant.now())))).isFalse();
    try (FileChannel stillMapped = FileChannel.open(file)) {
      segment.discard();
      assertThat(file).doesNotExist();
      assertThat(stillMapped.size()).isEqualTo(SEGMENT);
    }
  }

  @Test
  void closing_cutsNoSegmentShortThatSomebodyStillWritesTo() throws IOException {
    append();
    append();
    Path file = segment();
    try (FileChannel stillMapped = FileChannel.open(file)) {
      spool.appendLast(RecordKind.CONTROL, new byte[1]);
      List<SpooledRecord> all = all(cursor);
      overwrite(file, all.get(0).end(), (byte) 0xFF); // a thread that died there, it was thought
      spool.acknowledge(at(all.get(2)));
      spool.close();
      assertThat(file).doesNotExist();
      assertThat(stillMapped.size()).isEqualTo(SEGMENT);
    }
  }

  @Test
  void touching_changesNothingThatIsWrittenMeanwhile() throws Exception {
    Segment segment = active();
    AtomicBoolean isFull = new AtomicBoolean();
    Thread touching =
        new Thread(
            () -> {
              while (!isFull.get()) {
                segment.touch(0, 2L * SEGMENT); // more than there is
              }
            });
    touching.start();
    long count = fill(segment);
    isFull.set(true);
    touching.join();
    assertThat(read(segment.reader(0))).hasSize((int) count);
  }

  @Test
  void whatWaitsForADestination_isNoLongerMapped() throws Exception {
    byte[] half = new byte[SEGMENT / 2];
    for (int i = 0; i < 12; i++) {
      assertThat(spool.append(RecordKind.AUDIT, half)).isNotEqualTo(Spool.REFUSED);
      tend();
    }
    List<Path> segments = segments(folder("lane0"));
    String oldest = segments.get(0).toString();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              System.gc(); // the mapping goes with the last reference to it
              assertThat(mappings()).doesNotContain(oldest);
            });
    assertThat(mappings())
        .doesNotContain(oldest)
        .contains(segments.get(segments.size() - 1).toString());
  }

  private static String mappings() throws IOException {
    return Files.readString(Path.of("/proc/self/maps"));
  }

  @Test
  void ownFileThatCannotBeReadForAWhile_isOpenedAnew() throws Exception {
    int count = 60;
    for (int i = 0; i < count; i++) {
      assertThat(spool.append(RecordKind.AUDIT, new byte[SEGMENT / 8])).isEqualTo(i);
      tend();
    }
    try (SpoolCursor reader = spool.cursor()) {
      List<SpooledRecord> read = new ArrayList<>(reader.read(1, 1 << 20));
      Path file = segments(folder("lane0")).get(0);
      byte[] content = Files.readAllBytes(file);
      try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
        open.truncate(read.get(0).end());
      }
      assertThat(reader.read(count, 1 << 20)).isEmpty();

      Files.delete(file); // what is open stays cut off
      Files.write(file, content);
      for (var more = reader.read(count, 1 << 20);
          !more.isEmpty();
          more = reader.read(count, 1 << 20)) {
        read.addAll(more);
      }
      assertThat(read)
          .extracting(SpooledRecord::sequence)
          .containsExactlyElementsOf(LongStream.range(0, count).boxed().toList());
    }
    assertThat(reports).isEmpty();
  }

  @Test
  void pagesThatTheDiskHas_areTouchedAgain_beforeSomebodyRecordsThere() throws Exception {
    int large = 32 * SEGMENT;
    Path folder = folder("large");
    byte[] page = new byte[4000];
    long fewest = Long.MAX_VALUE;
    try (DiskSpool of =
        new DiskSpool(
            new Disk(folder),
            StreamId.newAt(Instant.now()),
            source(),
            new SpoolLimits(64L * large, large, large, Duration.ZERO, false),
            GAPS,
            Clock.systemUTC(),
            reports::add)) {
      for (int i = 0; i < 10; i++) {
        for (Path segment : segments(folder)) {
          try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.force(false); // its pages are read-only in memory from then on
          }
        }
        of.tend(); // nothing was recorded
        append(of, page, 20);
        of.tend();
        long before = faultsOfThisThread();
        append(of, page, 60);
        fewest = Math.min(fewest, faultsOfThisThread() - before);
      }
    }
    assertThat(fewest).as("the virtual machine has some of its own").isLessThan(30);
  }

  @Test
  void spareThatACallerMakes_doesNotOvertakeOneThatIsBeingTakenBack() throws Exception {
    AtomicBoolean isSlow = new AtomicBoolean();
    CountDownLatch takenBack = new CountDownLatch(1);
    Disk disk =
        new Disk(folder("slow")) {
          @Override
          void rename(Path from, Path to) throws IOException {
            try {
              if (isSlow.getAndSet(false)) {
                takenBack.countDown();
                Thread.sleep(200); // callers wait for 10
              }
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.rename(from, to);
          }
        };
    byte[] payload = new byte[SEGMENT / 4]; // three of them fill a segment
    try (DiskSpool slow = open(disk, 256 * SEGMENT);
        SpoolCursor reading = slow.cursor()) {
      append(slow, payload, 4);
      slow.acknowledge(at(all(reading).get(3)));
      isSlow.set(true);
      Thread janitor = new Thread(slow::tend);
      janitor.start();
      takenBack.await();
      append(slow, payload, 10);
      janitor.join();
      append(slow, payload, 10);

      List<SpooledRecord> read = all(reading);
      assertThat(numbers(read)).isEqualTo(LongStream.range(4, 24).boxed().toList());
      assertThat(read).extracting(SpooledRecord::kind).containsOnly(RecordKind.AUDIT);
    }
  }

  private static void append(Spool spool, byte[] payload, int times) {
    for (int n = 0; n < times; n++) {
      assertThat(spool.append(RecordKind.AUDIT, payload)).isNotEqualTo(Spool.REFUSED);
    }
  }

  private static long faultsOfThisThread() throws IOException {
    String statistics = Files.readString(Path.of("/proc/thread-self/stat"));
    String behindTheName = statistics.substring(statistics.lastIndexOf(')') + 2);
    return Long.parseLong(behindTheName.split(" ", -1)[7]);
  }
}
