package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread that makes room and forces goes on after an error. */
final class JanitorTest {
  private static final int SEGMENT = 64 << 10;

  @TempDir private Path root;

  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final AtomicInteger errors = new AtomicInteger();

  private DiskSpool spool(Disk disk) throws IOException {
    return new DiskSpool(
        disk,
        StreamId.newAt(Instant.now()),
        SegmentSource.MAPPED,
        new SpoolLimits(64 * SEGMENT, SEGMENT, SEGMENT, Duration.ZERO, false),
        SpoolContract.GAPS,
        Clock.systemUTC(),
        reports::add);
  }

  /** A disk under which Java itself fails, as often as told. */
  private final class FailingDisk extends Disk {
    FailingDisk(Path folder) {
      super(folder);
    }

    @Override
    void force(Path file) throws IOException {
      if (errors.getAndDecrement() > 0) {
        throw new InternalError("a fault in mapped memory, on purpose");
      }
      super.force(file);
    }
  }

  @Test
  void errorInOneSpool_failsWhoWaited_andNeitherThatSpoolNorTheOtherIsLeftAlone() throws Exception {
    Supervision supervision = new Supervision(reports::add);
    try (DiskSpool broken = spool(new FailingDisk(root.resolve("broken")));
        DiskSpool sound = spool(new Disk(root.resolve("sound")));
        Janitor janitor = new Janitor("janitor", List.of(broken, sound), supervision)) {
      errors.set(1);
      long unused = broken.append(RecordKind.AUDIT, new byte[1]);
      var failed = broken.forced();
      var forced = sound.forced();
      janitor.start();

      forced.get(30, TimeUnit.SECONDS);
      assertThat(failed).isCompletedExceptionally();
      await().until(() -> reports.stream().anyMatch(l -> l.contains("thread janitor failed")));
      broken.forced().get(30, TimeUnit.SECONDS);
      await().until(() -> !supervision.isAnyDown());
      assertThat(supervision.restarts()).isEqualTo(1);
    }
  }
}
