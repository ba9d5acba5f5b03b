package dev.bitacora.bench.chaos;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.agent.spool.ClaimHolder;
import dev.bitacora.agent.spool.DiskSpool;
import dev.bitacora.agent.spool.Durability;
import dev.bitacora.agent.spool.Inside;
import dev.bitacora.agent.spool.Spool;
import dev.bitacora.core.chain.StreamPosition;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The component that is killed. Eight threads record and tell their receipts on standard output,
 * which is the parent's file. It obeys its standard input, line by line, and ends with it:
 *
 * <pre>
 * storm           record without pauses
 * hold N MILLIS   N further threads dwell so long between claim and commit
 * </pre>
 *
 * Its argument is the seed of its choices; with a number behind it, it ends after so many events of
 * each thread. With {@code deliver} instead it records nothing and ends once nothing waits.
 */
public final class RecordingComponent {
  private static final int THREADS = 8;
  private static final int BURST = 16;
  private static final long LONGEST_PAUSE_NANOS = 40_000_000;
  private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(4);

  private final AuditLog audit;
  private final FileOutputStream receipts = new FileOutputStream(FileDescriptor.out);
  private volatile boolean storm;

  private RecordingComponent(AuditLog audit) {
    this.audit = audit;
  }

  public static void main(String[] arguments) throws IOException {
    Thread.setDefaultUncaughtExceptionHandler(RecordingComponent::end);
    RecordingComponent component =
        new RecordingComponent(AuditLog.open(AuditConfig.fromEnvironment()));
    if (arguments[0].equals("deliver")) {
      component.deliver();
    } else if (arguments.length > 1) {
      component.record(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1]));
    } else {
      component.record(Long.parseLong(arguments[0]), Integer.MAX_VALUE);
      component.obey();
      Runtime.getRuntime().halt(1);
    }
  }

  /** The parent notices a component that ends by itself. */
  private static void end(Thread thread, Throwable reason) {
    reason.printStackTrace();
    Runtime.getRuntime().halt(70);
  }

  private void record(long seed, int each) {
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(seed + t);
      new Thread(() -> record(random, each), "recorder-" + t).start();
    }
  }

  private void record(Random random, int each) {
    for (int recorded = 0; recorded < each; ) {
      StringBuilder lines = new StringBuilder();
      int burst = 1 + random.nextInt(storm ? BURST / 4 : BURST);
      for (int left = Math.min(burst, each - recorded); left > 0; left--) {
        Receipt receipt = recordOne(random);
        receipt
            .position()
            .filter(at -> survivesTheProcess(receipt))
            .ifPresent(at -> lines.append(ReceiptLine.of(at, receipt.bytes())).append('\n'));
        recorded++;
      }
      tell(lines);
      if (!storm) {
        LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
      }
    }
  }

  /** Where no disk takes it, a receipt promises nothing about being killed. */
  private static boolean survivesTheProcess(Receipt receipt) {
    return receipt.durability() != Durability.MEMORY;
  }

  /** One in eight is a log line. Sizes differ, so that segments end anywhere. */
  private Receipt recordOne(Random random) {
    int percent = random.nextInt(100);
    String text =
        "x".repeat(random.nextInt(percent < 70 ? 1_000 : percent < 95 ? 8_000 : 40_000) + 1);
    return random.nextInt(8) == 0
        ? audit.logLine("INFO", "chaos", text).record()
        : audit.event("work.done").detail("text", text).success().record();
  }

  /** One write for all of them: a line stands there whole, or it is the file's last. */
  private void tell(StringBuilder lines) {
    try {
      receipts.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException("receipts cannot be told", e);
    }
  }

  private void obey() throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      if (words[0].equals("storm")) {
        storm = true;
      } else {
        hold(Integer.parseInt(words[1]), Duration.ofMillis(Long.parseLong(words[2])));
      }
    }
  }

  private void hold(int threads, Duration dwelling) {
    DiskSpool spool = Inside.auditSpool(audit);
    byte[] payload = audit.event("work.slow").success().record().bytes();
    for (int i = 0; i < threads; i++) {
      new Thread(() -> hold(spool, payload, dwelling), "slow-" + i).start();
    }
  }

  /** A slow thread that is told a number after all has been accepted like any other. */
  private void hold(DiskSpool spool, byte[] payload, Duration dwelling) {
    long sequence = ClaimHolder.append(spool, payload, dwelling);
    if (sequence != Spool.REFUSED) {
      StreamPosition position = new StreamPosition(spool.stream(), sequence);
      tell(new StringBuilder(ReceiptLine.of(position, payload)).append('\n'));
    }
  }

  private void deliver() {
    long deadline = System.nanoTime() + DELIVERY_LIMIT.toNanos();
    while (audit.health().queueBytes() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(10_000_000);
    }
    audit.close();
  }
}
