package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a spool on a disk does beside. */
abstract class DiskSpoolContract extends SpoolContract {
  static final int SEGMENT = 64 << 10;

  @TempDir Path root;

  final List<String> reports = new ArrayList<>();
  private int opened;

  abstract SegmentSource source();

  @Override
  DiskSpool open() throws IOException {
    return open(folder("lane" + opened++), 256 * SEGMENT);
  }

  @Override
  Spool openNarrow() throws IOException {
    return open(folder("narrow" + opened++), 4 * SEGMENT);
  }

  @Test
  void diskThatStandsStill_holdsUpOneCallerOnce_andIsNotOverfilledAfterwards() throws Exception {
    CountDownLatch stood = new CountDownLatch(1);
    CountDownLatch stands = new CountDownLatch(1);
    AtomicBoolean isStill = new AtomicBoolean();
    Disk disk =
        new Disk(folder("still")) {
          @Override
          void allocate(Path file, long bytes) throws IOException {
            try {
              if (isStill.get()) {
                stood.countDown();
                stands.await();
              }
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.allocate(file, bytes);
          }
        };
    spool = open(disk, 8 * SEGMENT);
    isStill.set(true);
    byte[] large = new byte[SEGMENT / 2];
    assertThat(spool.append(RecordKind.AUDIT, large)).isNotEqualTo(Spool.REFUSED);
    assertThat(spool.append(RecordKind.AUDIT, large)).isNotEqualTo(Spool.REFUSED);
    Thread janitor = new Thread(this::tend);
    janitor.start();
    stood.await();
    while (spool.append(RecordKind.AUDIT, large) != Spool.REFUSED) {
      // the spares that are left
    }
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(spool.append(RecordKind.AUDIT, large)).isEqualTo(Spool.REFUSED);
    }
    // Each for itself would have waited as long as the first.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));

    stands.countDown();
    janitor.join();
    assertThat(spool.append(RecordKind.AUDIT, large)).isNotEqualTo(Spool.REFUSED);
    while (spool.append(RecordKind.AUDIT, large) != Spool.REFUSED) {
      tend();
    }
    assertThat(segments(folder("still"))).hasSizeLessThanOrEqualTo(8);
  }

  Path folder(String name) {
    return root.resolve(name);
  }

  DiskSpool open(Path folder, long quota) throws IOException {
    return open(new Disk(folder), quota);
  }

  DiskSpool open(Disk disk, long quota) throws IOException {
    return open(disk, quota, Clock.systemUTC());
  }

  private DiskSpool open(Disk disk, long quota, Clock clock) throws IOException {
    DiskSpool opened =
        new DiskSpool(
            disk,
            StreamId.newAt(Instant.now()),
            source(),
            new SpoolLimits(quota, SEGMENT, SEGMENT, Duration.ZERO, false),
            GAPS,
            clock,
            reports::add);
    opened.tend();
    return opened;
  }

  @Override
  void tend() {
    ((DiskSpool) spool).tend();
  }

  static List<Path> segments(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".seg")).sorted().toList();
    }
  }

  /** The first segment of the spool that is open now. */
  Path segment() throws IOException {
    return segments(folder("lane0")).get(0);
  }

  static void overwrite(Path file, long offset, byte... bytes) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.seek(offset);
      content.write(bytes);
    }
  }

  /** Reads a folder as the next process would. */
  List<SpooledRecord> recover(Path folder) throws IOException {
    try (DiskSpool next = open(folder, 256 * SEGMENT);
        SpoolCursor reading = next.cursor()) {
      return all(reading);
    }
  }

  @Test
  void records_goOnInFurtherSegments() {
    for (int i = 0; i < 1000; i++) {
      assertThat(append("record " + i + " ".repeat(500))).isEqualTo(i);
      if (i % 50 == 0) {
        tend();
      }
    }
    List<SpooledRecord> read = all(cursor);
    assertThat(read).hasSize(1000);
    assertThat(text(read.get(999))).startsWith("record 999 ");
    assertThat(read.get(999).segment()).isGreaterThan(read.get(0).segment() + 5);
  }

  @Test
  void readerThatIsFarBehind_missesNothing_whereverSegmentsAreKept() {
    append("the first");
    assertThat(cursor.read(1, 1000)).hasSize(1);
    for (int i = 1; i < 1000; i++) {
      assertThat(append("record " + i + " ".repeat(500))).isEqualTo(i);
      tend();
      if (i % 100 == 0) {
        assertThat(cursor.read(10, 100_000)).hasSize(10);
      }
    }
    CompletableFuture<Void> forced = spool.forced();
    tend();
    assertThat(forced).succeedsWithin(Duration.ofSeconds(5));
    List<SpooledRecord> rest = all(cursor);
    assertThat(rest).hasSize(909);
    assertThat(text(rest.get(908))).startsWith("record 999 ");
  }

  @Test
  void whatIsDelivered_givesItsRoomBack() throws IOException {
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 100; i++) {
        assertThat(append("x".repeat(900))).isNotEqualTo(Spool.REFUSED);
      }
      List<SpooledRecord> read = all(cursor);
      assertThat(read).hasSize(100);
      spool.acknowledge(at(read.get(99)));
      tend();
    }
    assertThat(segments(folder("lane0"))).hasSizeLessThan(8);
  }

  @Test
  void whatStandsWhereDeliveredRecordsStood_isFoundByTheNextProcess() throws IOException {
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 100; i++) {
        append("x".repeat(900));
      }
      spool.acknowledge(at(all(cursor).get(99)));
      tend();
    }
    append("left");
    spool.close();

    List<SpooledRecord> left = recover(folder("lane0"));
    assertThat(left).extracting(r -> text(r)).containsExactly("left");
    SegmentName name = new SegmentName(left.get(0).segment(), left.get(0).stream());
    Optional<SegmentHeader> header = new StoredSegment(name, folder("lane0")).header();
    assertThat(header.map(SegmentHeader::name)).contains(name);
    assertThat(header.orElseThrow().base()).isBetween(900L, 1000L);
  }

  @Test
  void nextProcess_findsWhatIsLeft_andItsOwnComesBehind() throws IOException {
    for (int i = 0; i < 300; i++) {
      append("record " + i + " ".repeat(500));
      tend();
    }
    List<SpooledRecord> read = all(cursor);
    ChainLink link = ChainLink.of(ChainLink.hash(new byte[1]));
    spool.acknowledge(Watermark.after(read.get(99), link));
    StreamId first = spool.stream();

    try (DiskSpool next = open(folder("lane0"), 256 * SEGMENT)) {
      assertThat(next.watermark()).isEqualTo(Watermark.after(read.get(99), link));
      next.append(RecordKind.AUDIT, new byte[1]);
      try (SpoolCursor reading = next.cursor()) {
        List<SpooledRecord> old = reading.read(10_000, 10 << 20);
        assertThat(old).hasSize(200);
        assertThat(old).extracting(SpooledRecord::stream).containsOnly(first);
        assertThat(old.get(0).sequence()).isEqualTo(100);
        assertThat(text(old.get(199))).startsWith("record 299 ");
        List<SpooledRecord> own = reading.read(10_000, 10 << 20);
        assertThat(own).extracting(SpooledRecord::stream).containsExactly(next.stream());
        assertThat(numbers(own)).containsExactly(0L);
        next.acknowledge(at(own.get(0)));
      }
      next.tend();
      assertThat(segments(folder("lane0"))).as("its own and its spares").hasSize(4);
    }
  }

  @Test
  void sparesOfAProcessThatDied_areNotCountedAsRecords_andGo() throws IOException {
    append("left");
    for (int killed = 0; killed < 5; killed++) {
      DiskSpool next = open(folder("lane0"), 256 * SEGMENT);
      next.append(RecordKind.AUDIT, new byte[SMALL]);
    }
    assertThat(segments(folder("lane0"))).as("one each, and the last one's spares").hasSize(6 + 3);
    try (DiskSpool last = open(folder("lane0"), 256 * SEGMENT)) {
      assertThat(segments(folder("lane0"))).hasSize(7 + 3);
      assertThat(last.state().bytes()).isLessThan(7 * SEGMENT);
    }
  }

  @Test
  void close_afterEverythingIsDelivered_leavesNoSegments() throws IOException {
    append();
    spool.appendLast(RecordKind.CONTROL, new byte[1]);
    spool.acknowledge(at(all(cursor).get(1)));
    spool.close();
    assertThat(segments(folder("lane0"))).isEmpty();
    assertThat(recover(folder("lane0"))).isEmpty();
  }

  @Test
  void close_withSomethingLeft_keepsIt() throws IOException {
    append("left");
    spool.close();
    assertThat(segments(folder("lane0"))).hasSize(1);
    assertThat(recover(folder("lane0"))).extracting(r -> text(r)).containsExactly("left");
  }

  /** At that moment the caller waits for a spare, makes it itself, or has just gone on in it. */
  @Test
  void close_whileACallerGoesOnInAFurtherSegment_losesNothingThatWasAccepted() throws Exception {
    for (int round = 0; round < 60; round++) {
      Path lane = folder("closing" + round);
      DiskSpool closing = open(lane, 256 * SEGMENT);
      Queue<Long> accepted = new ConcurrentLinkedQueue<>();
      accepted.add(closing.append(RecordKind.AUDIT, new byte[1]));
      Thread caller = new Thread(() -> appendUntilRefused(closing, accepted), "caller");
      caller.start();
      Set<Long> kept = new HashSet<>();
      long until = System.nanoTime() + round * 500_000L;
      try (SpoolCursor reading = closing.cursor()) {
        while (System.nanoTime() < until) {
          List<SpooledRecord> read = reading.read(1000, 1 << 20);
          kept.addAll(numbers(read));
          read.forEach(r -> closing.acknowledge(at(r)));
        }
      }
      closing.close();
      caller.join();
      recover(lane).stream()
          .filter(r -> r.kind() == RecordKind.AUDIT)
          .forEach(r -> kept.add(r.sequence()));
      assertThat(kept).as("closed in round %d", round).containsAll(accepted);
    }
  }

  private static void appendUntilRefused(Spool into, Queue<Long> accepted) {
    byte[] large = new byte[SEGMENT / 4];
    for (long sequence = into.append(RecordKind.AUDIT, large);
        sequence != Spool.REFUSED;
        sequence = into.append(RecordKind.AUDIT, large)) {
      accepted.add(sequence);
    }
  }

  @Test
  void predecessor_isKnown_withItsLastNumberAndHowItEnded() throws IOException {
    assertThat(spool.predecessor()).isEmpty();
    append();
    append();
    tend();
    StreamId killed = spool.stream();
    try (DiskSpool next = open(folder("lane0"), 256 * SEGMENT)) {
      assertThat(next.predecessor()).contains(new Predecessor(killed, 1, false));
      next.appendEnd(RecordKind.CONTROL, new byte[1]);
      next.append(RecordKind.AUDIT, new byte[1]);
      next.appendLast(RecordKind.CONTROL, new byte[1]);
      next.tend();
      try (DiskSpool last = open(folder("lane0"), 256 * SEGMENT)) {
        assertThat(last.predecessor()).contains(new Predecessor(next.stream(), 2, true));
      }
    }
  }

  @Test
  void refusals_ofAProcessThatDied_areAccountedForAtTheEndOfItsStream() throws IOException {
    append("good");
    spool.refuse("not encodable");
    spool.refuse("not encodable");
    StreamId killed = spool.stream();
    for (int round = 0; round < 2; round++) {
      try (DiskSpool next = open(folder("lane0"), 256 * SEGMENT)) {
        next.append(RecordKind.AUDIT, new byte[1]);
        try (SpoolCursor reading = next.cursor()) {
          List<SpooledRecord> old = reading.read(100, 1 << 20);
          assertThat(old).extracting(SpooledRecord::stream).containsOnly(killed);
          assertThat(numbers(old)).containsExactly(0L, 2L);
          assertThat(text(old.get(1))).startsWith("dropped 1…2 refused by a process that ended");
          assertThat(reading.read(100, 1 << 20)).isNotEmpty();
        }
      }
    }
  }

  @Test
  void hole_isSteppedOver_andSaidToBeLost_alwaysInTheSameWords() throws IOException {
    for (int i = 0; i < 10; i++) {
      append("record " + i);
    }
    long third = all(cursor).get(2).end();
    long fourth = SegmentHeader.BYTES + 4 * (third - SegmentHeader.BYTES) / 3;
    spool.close();
    overwrite(segment(), third, new byte[(int) (fourth - third)]);

    for (int round = 0; round < 2; round++) {
      List<SpooledRecord> read = recover(folder("lane0"));
      assertThat(numbers(read)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
      assertThat(text(read.get(3))).isEqualTo("lost 3…3");
      assertThat(read.get(3).kind()).isEqualTo(RecordKind.CONTROL);
      assertThat(text(read.get(9))).isEqualTo("record 9");
    }
    assertThat(Files.size(folder("lane0").resolve("gaps"))).isGreaterThan(0);
  }

  @Test
  void everyByteThatFlips_costsAtMostItsOwnRecord() throws IOException {
    int count = 6;
    for (int i = 0; i < count; i++) {
      append("record " + i);
    }
    long end = all(cursor).get(count - 1).end();
    spool.close();
    byte[] good = Files.readAllBytes(segment());
    String name = segment().getFileName().toString();
    for (int at = 0; at < end; at++) {
      Path folder = folder("flip" + at);
      Files.createDirectories(folder);
      byte[] bad = java.util.Arrays.copyOf(good, (int) end);
      bad[at] ^= (byte) (1 << (at % 8));
      Files.write(folder.resolve(name), bad);
      List<SpooledRecord> read = scan(folder, name);
      List<String> texts = read.stream().map(r -> text(r)).toList();
      assertThat(read.size()).as("byte %d", at).isGreaterThanOrEqualTo(count - 1);
      for (int i = 0; i < count; i++) {
        boolean isLast = i == count - 1 && read.size() < count;
        if (!isLast) {
          assertThat(texts.get(i)).as("byte %d", at).isIn("record " + i, "lost " + i + "…" + i);
        }
      }
    }
  }

  @Test
  void everyTruncation_keepsTheRecordsBefore() throws IOException {
    int count = 6;
    for (int i = 0; i < count; i++) {
      append("record " + i);
    }
    List<SpooledRecord> all = all(cursor);
    spool.close();
    byte[] good = Files.readAllBytes(segment());
    String name = segment().getFileName().toString();
    for (int length = 0; length <= all.get(count - 1).end(); length++) {
      Path folder = folder("cut" + length);
      Files.createDirectories(folder);
      Files.write(folder.resolve(name), java.util.Arrays.copyOf(good, length));
      int cut = length;
      long whole = all.stream().filter(r -> r.end() <= cut + 7 - (cut + 7) % 8).count();
      List<SpooledRecord> read = scan(folder, name);
      assertThat((long) read.size()).as("length %d", length).isBetween(whole - 1, whole);
      for (int i = 0; i < read.size(); i++) {
        assertThat(text(read.get(i))).isEqualTo("record " + i);
      }
    }
  }

  /** Reads one stored segment alone, which is quicker than opening a spool. */
  private List<SpooledRecord> scan(Path folder, String name) throws IOException {
    List<SpooledRecord> read = new ArrayList<>();
    StoredSegment stored =
        new StoredSegment(SegmentName.parse(Path.of(name)).orElseThrow(), folder);
    try (SegmentReader reader = stored.reader(0)) {
      long expected = 0;
      for (var next = reader.next(expected); next.isPresent(); next = reader.next(expected)) {
        SpooledRecord record = next.get();
        for (long lost = expected; lost < record.first(); lost++) {
          read.add(
              new SpooledRecord(
                  record.stream(),
                  lost,
                  lost,
                  RecordKind.CONTROL,
                  GAPS.lost(record.stream(), lost, lost),
                  0,
                  0,
                  0));
        }
        read.add(record);
        expected = record.sequence() + 1;
      }
    }
    return read;
  }

  @Test
  void forced_completesOnceTheDiskHasIt() {
    append();
    CompletableFuture<Void> forced = spool.forced();
    assertThat(forced).isNotDone();
    tend();
    assertThat(forced).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void forced_afterClosing_fails() {
    CompletableFuture<Void> before = spool.forced();
    spool.close();
    assertThat(before).isCompletedExceptionally();
    assertThat(spool.forced()).isCompletedExceptionally();
  }

  @Test
  void fullDisk_refusesUntilThereIsRoom() throws IOException {
    FullDisk disk = new FullDisk(folder("full"));
    spool = open(disk, 256 * SEGMENT);
    cursor = spool.cursor();
    disk.isFull = true;
    long count = fill();
    assertThat(count).isGreaterThan(3 * SEGMENT / 1100);
    tend();
    assertThat(reports).anyMatch(line -> line.contains("no space left"));
    assertThat(numbers(all(cursor))).hasSize((int) count);
    disk.isFull = false;
    tend();
    assertThat(append()).isGreaterThanOrEqualTo(count);
    assertThat(reports).anyMatch(line -> line.contains("there is room again"));
  }

  /** Or the full disk would stay full: only a delivery makes room on it. */
  @Test
  void processThatStartsOnAFullDisk_deliversWhatIsLeft_andThenAccepts() throws IOException {
    append("left");
    spool.close();
    FullDisk disk = new FullDisk(folder("lane0"));
    disk.isFull = true;
    spool = open(disk, 256 * SEGMENT);
    cursor = spool.cursor();
    assertThat(append("too early")).isEqualTo(Spool.REFUSED);
    tend();
    List<SpooledRecord> left = all(cursor);
    assertThat(left).extracting(r -> text(r)).containsExactly("left");
    spool.acknowledge(at(left.get(0)));
    disk.isFull = false;
    tend();
    assertThat(append("accepted")).isNotEqualTo(Spool.REFUSED);
    tend();

    List<SpooledRecord> own = all(cursor);
    assertThat(own.get(0).first()).isZero();
    assertThat(own).extracting(r -> text(r)).contains("accepted");
    assertThat(own).anyMatch(r -> text(r).startsWith("dropped "));
    assertThat(spool.durability()).isEqualTo(Durability.PROCESS);
  }

  @Test
  void processThatIsKilledOnAFullDisk_leavesWhatWasLeft() throws IOException {
    append("left");
    FullDisk disk = new FullDisk(folder("lane0"));
    disk.isFull = true;
    for (int killed = 0; killed < 3; killed++) {
      DiskSpool next = open(disk, 256 * SEGMENT);
      assertThat(next.append(RecordKind.AUDIT, new byte[1])).isEqualTo(Spool.REFUSED);
      next.tend();
    }
    assertThat(recover(folder("lane0"))).extracting(r -> text(r)).contains("left");
  }

  /** A disk that has no room when it is told so. */
  static final class FullDisk extends Disk {
    volatile boolean isFull;

    FullDisk(Path folder) {
      super(folder);
    }

    @Override
    void allocate(Path file, long bytes) throws IOException {
      if (isFull) {
        throw new IOException("no space left on device");
      }
      super.allocate(file, bytes);
    }
  }

  @Test
  void filling_isReportedAtHalf_atThreeQuarters_andAtNineTenths() throws IOException {
    spool = open(folder("filling"), 20 * SEGMENT);
    for (int i = 0; i < 20 * SEGMENT / 1100 - 160; i++) {
      append("x".repeat(1000));
      tend();
    }
    assertThat(reports.stream().filter(line -> line.contains("waits to be delivered")))
        .hasSize(2)
        .first()
        .asString()
        .contains("50 % of", "filling", "MiB");
    assertThat(spool.fill()).isBetween(0.75, 0.95);
  }

  @Test
  void fullLogLane_shedsTheOldestThatNobodyHasRead_andSaysSo() throws IOException {
    spool = openShedding(new Disk(folder("log")));
    cursor = spool.cursor();
    append("first");
    assertThat(all(cursor)).hasSize(1);
    for (int i = 1; i < 2000; i++) {
      assertThat(append("line " + i + " ".repeat(1000))).isEqualTo(i);
      tend();
    }
    List<SpooledRecord> read = all(cursor);
    long expected = 1;
    for (SpooledRecord record : read) {
      assertThat(record.first()).isEqualTo(expected);
      boolean isGap = record.kind() == RecordKind.CONTROL;
      assertThat(text(record))
          .startsWith(
              isGap
                  ? "dropped " + record.first() + "…" + record.sequence() + " shed for newer ones"
                  : "line " + record.sequence());
      expected = record.sequence() + 1;
    }
    assertThat(expected).isEqualTo(2000);
    long shed = read.stream().mapToLong(r -> r.sequence() - r.first()).sum();
    assertThat(shed).isGreaterThan(1000);
    assertThat(spool.state().refused()).isGreaterThan(1000);
  }

  /** Shedding takes time, because its record is on the disk first. */
  @Test
  void readerThatComesToASegmentWhileItIsShed_findsWhatStandsForIt() throws Exception {
    List<SpooledRecord> read = new ArrayList<>();
    List<Thread> readers = new ArrayList<>();
    openAndWhileShedding(
        first -> {
          if (readers.isEmpty()) {
            Thread reader = new Thread(() -> readInto(read, first + 3));
            readers.add(reader);
            reader.start();
            while (reader.isAlive() && reader.getState() != Thread.State.BLOCKED) {
              Thread.onSpinWait();
            }
          }
        });
    cursor = spool.cursor();
    for (int i = 0; i < 2000; i++) {
      assertThat(append("line " + i + " ".repeat(1000))).isEqualTo(i);
      tend();
      if (i == 0) {
        read.addAll(all(cursor));
      }
    }
    readers.get(0).join();
    read.addAll(all(cursor));

    long expected = 0;
    for (SpooledRecord record : read) {
      assertThat(record.first()).isEqualTo(expected);
      assertThat(text(record)).startsWith(record.first() < record.sequence() ? "dropped" : "line");
      expected = record.sequence() + 1;
    }
    assertThat(expected).isEqualTo(2000);
    assertThat(spool.state().refused())
        .isEqualTo(
            read.stream()
                .filter(record -> text(record).startsWith("dropped"))
                .mapToLong(record -> record.sequence() - record.first() + 1)
                .sum());
  }

  @Test
  void whoeverLooksAtASpool_doesNotWaitWhileASegmentIsShed() throws Exception {
    List<Boolean> hasSeen = new ArrayList<>();
    openAndWhileShedding(
        first -> {
          if (hasSeen.isEmpty()) {
            hasSeen.add(hasEndedBefore(Duration.ofSeconds(20), () -> spool.state()));
          }
        });
    for (int i = 0; i < 2000 && hasSeen.isEmpty(); i++) {
      assertThat(append("line " + i + " ".repeat(1000))).isEqualTo(i);
      tend();
    }
    assertThat(hasSeen).containsExactly(true);
  }

  @Test
  void whoeverLooksAtASpool_maySeeItsSegmentsGoMeanwhile() throws IOException {
    Clock anHourLater = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    Disk disk = new Disk(folder("looked-at"));
    try (DiskSpool of = open(disk, 256 * SEGMENT, anHourLater)) {
      of.append(RecordKind.AUDIT, new byte[SEGMENT / 2]);
      of.append(RecordKind.AUDIT, new byte[SEGMENT / 2]); // does not fit in beside the first
      List<Path> segments = segments(disk.folder());
      try (FileChannel cut = FileChannel.open(segments.get(0), StandardOpenOption.WRITE)) {
        cut.truncate(0);
      }
      assertThat(of.state().oldestAge()).as("the second's").isGreaterThan(Duration.ofMinutes(59));
      Files.delete(segments.get(0));
      assertThat(of.state().oldestAge()).as("the second's").isGreaterThan(Duration.ofMinutes(59));
      Files.delete(segments.get(1));
      assertThat(of.state().oldestAge()).isEqualTo(Duration.ZERO);
    }
    assertThat(reports).isEmpty();
  }

  /** Opens a spool that does this, with the first's number, before it says what it sheds. */
  private void openAndWhileShedding(LongConsumer first) throws IOException {
    GapRecords records =
        new GapRecords() {
          @Override
          public byte[] dropped(
              StreamId stream, long from, long last, Instant start, Instant end, String reason) {
            first.accept(from);
            return GAPS.dropped(stream, from, last, start, end, reason);
          }

          @Override
          public byte[] lost(StreamId stream, long from, long last) {
            return GAPS.lost(stream, from, last);
          }
        };
    spool = openShedding(new Disk(folder("log")), records);
  }

  private static boolean hasEndedBefore(Duration limit, Runnable look) {
    Thread thread = new Thread(look);
    thread.start();
    try {
      thread.join(limit.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return !thread.isAlive();
  }

  private void readInto(List<SpooledRecord> read, long atLeastTo) {
    while (read.get(read.size() - 1).sequence() < atLeastTo) {
      read.addAll(cursor.read(1, 1 << 20));
    }
  }

  private DiskSpool openShedding(Disk disk) throws IOException {
    return openShedding(disk, GAPS);
  }

  private DiskSpool openShedding(Disk disk, GapRecords gapRecords) throws IOException {
    return new DiskSpool(
        disk,
        StreamId.newAt(Instant.now()),
        source(),
        new SpoolLimits(8 * SEGMENT, SEGMENT, SEGMENT, Duration.ZERO, true),
        gapRecords,
        Clock.systemUTC(),
        reports::add);
  }

  /** All the room there is holds what an earlier process has left, and one segment of this one. */
  @Test
  void fullLogLane_neverShedsTheSegmentItWritesTo() throws IOException {
    append("left");
    spool.close();
    FullDisk disk = new FullDisk(folder("lane0"));
    spool = openShedding(disk);
    cursor = spool.cursor();
    disk.isFull = true;
    long count = fill();
    for (int i = 0; i < 5; i++) {
      tend();
      assertThat(spool.append(RecordKind.LOG, new byte[1000])).isEqualTo(Spool.REFUSED);
    }
    assertThat(reports.stream().filter(line -> line.contains("no space left"))).hasSize(1);
    disk.isFull = false;
    tend();
    assertThat(append("accepted again")).isNotEqualTo(Spool.REFUSED);
    tend();

    List<SpooledRecord> all = all(cursor);
    assertThat(text(all.get(0))).isEqualTo("left");
    List<SpooledRecord> own = all.subList(1, all.size());
    assertThat(own.stream().filter(r -> r.kind() == RecordKind.AUDIT)).hasSize((int) count + 1);
    assertThat(own.stream().filter(r -> text(r).startsWith("dropped "))).hasSize(1);
  }

  @Test
  void newerFormat_isLeftWhereItIs_andSaid() throws IOException {
    append("newer");
    spool.close();
    byte[] header = java.util.Arrays.copyOf(Files.readAllBytes(segment()), SegmentHeader.BYTES);
    java.nio.ByteBuffer.wrap(header).putInt(8, 2);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(header, 0, 60);
    java.nio.ByteBuffer.wrap(header).putInt(60, (int) crc.getValue());
    overwrite(segment(), 0, header);

    assertThat(recover(folder("lane0"))).isEmpty();
    assertThat(reports).anyMatch(line -> line.contains("newer version"));
    try (var kept = Files.list(folder("lane0").resolve("quarantine"))) {
      assertThat(kept).hasSize(1);
    }
  }

  /** Nobody tends the spool, so the interrupted caller makes its segments itself. */
  @Test
  void interruptedCaller_makesItsOwnRoom_andStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try {
      for (int i = 0; i < 500; i++) {
        assertThat(append("record " + i + " ".repeat(1000))).isEqualTo(i);
      }
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(all(cursor)).hasSize(500);
    assertThat(segments(folder("lane0"))).as("and no file more").hasSizeBetween(8, 12);
  }

  @Test
  void interruptedProcess_opensItsSpoolOnTheDisk() throws IOException {
    append("left");
    Thread.currentThread().interrupt();
    List<SpooledRecord> read;
    try {
      read = recover(folder("lane0"));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(read).extracting(r -> text(r)).containsExactly("left");
  }

  @Test
  void interruptsAtAnyMoment_closeNothingUnderOtherThreads() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    int each = 3_000;
    Thread caller = Thread.currentThread();
    Thread tending = new Thread(() -> tendUntil(done), "tending");
    List<Thread> recorders = new ArrayList<>();
    Queue<Long> numbers = new ConcurrentLinkedQueue<>();
    for (int t = 0; t < 3; t++) {
      recorders.add(new Thread(() -> appendMany(each, numbers), "recorder-" + t));
    }
    Thread interrupting =
        new Thread(
            () -> {
              while (!done.get()) {
                recorders.forEach(Thread::interrupt);
                tending.interrupt();
                caller.interrupt();
                LockSupport.parkNanos(50_000);
              }
            });
    tending.start();
    recorders.forEach(Thread::start);
    interrupting.start();
    List<SpooledRecord> read = new ArrayList<>();
    while (recorders.stream().anyMatch(Thread::isAlive)) {
      read.addAll(cursor.read(1000, 1 << 20));
    }
    read.addAll(all(cursor));
    done.set(true);
    while (interrupting.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(Thread.interrupted()).isTrue();
    tending.join();

    assertThat(numbers).doesNotContain(Spool.REFUSED).doesNotHaveDuplicates().hasSize(3 * each);
    assertThat(numbers(read))
        .containsExactlyElementsOf(LongStream.range(0, 3L * each).boxed().toList());
    assertThat(reports).allMatch(line -> line.endsWith("waits to be delivered"));
  }

  private void tendUntil(AtomicBoolean done) {
    while (!done.get()) {
      tend();
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void appendMany(int count, Queue<Long> numbers) {
    for (int i = 0; i < count; i++) {
      numbers.add(append("x".repeat(1000)));
    }
  }

  @Test
  void spareThatCannotBeMapped_leavesNoFile() throws IOException {
    UnmappableDisk disk = new UnmappableDisk(folder("unmappable"));
    spool = open(disk, 256 * SEGMENT);
    cursor = spool.cursor();
    int before = segments(folder("unmappable")).size();
    disk.isUnmappable = true;
    for (int i = 0; i < 20; i++) {
      fill();
      tend();
    }
    assertThat(reports).anyMatch(line -> line.contains("too many open files"));
    assertThat(segments(folder("unmappable"))).hasSize(before);
    disk.isUnmappable = false;
    tend();
    assertThat(append()).isNotEqualTo(Spool.REFUSED);
  }

  /** A disk whose files cannot be opened when it is told so. */
  static final class UnmappableDisk extends Disk {
    volatile boolean isUnmappable;

    UnmappableDisk(Path folder) {
      super(folder);
    }

    private void check() throws IOException {
      if (isUnmappable) {
        throw new IOException("too many open files");
      }
    }

    @Override
    MappedByteBuffer map(Path file) throws IOException {
      check();
      return super.map(file);
    }

    @Override
    RandomAccessFile open(Path file) throws IOException {
      check();
      return super.open(file);
    }
  }
}
