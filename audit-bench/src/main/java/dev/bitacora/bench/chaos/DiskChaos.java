package dev.bitacora.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fills a small disk, a real tmpfs, while the broker is away: components record until nothing fits,
 * are killed, and others start on the full disk. Then the broker comes back, and what had been
 * accepted must arrive. To mount a tmpfs needs root.
 *
 * <p>Exit code 0 when nothing that was accepted is missing, 1 when something is, 2 when that could
 * not be found out, 3 for wrong usage.
 */
public final class DiskChaos {
  static final String USAGE = "Usage: dev/chaos disk\n";

  private static final String SIZE = "24m";
  private static final int COMPONENTS = 4;
  private static final Duration FULL_LIMIT = Duration.ofSeconds(60);
  private static final Duration ON_A_FULL_DISK = Duration.ofSeconds(3);
  private static final long LEFT = 1 << 20;

  private final Scene scene;

  private DiskChaos(Scene scene) {
    this.scene = scene;
  }

  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      System.err.print(USAGE);
      System.exit(3);
    }
    System.exit(mountAndPlay());
  }

  private static int mountAndPlay() {
    try {
      Path disk = Files.createTempDirectory("bitacora-small-disk");
      int mounted = command("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.toString());
      if (mounted != 0) {
        Files.delete(disk);
        System.err.println("chaos: a tmpfs cannot be mounted here; this needs root");
        return 2;
      }
      try {
        return Scene.play(work -> disk, scene -> new DiskChaos(scene).run());
      } finally {
        int unused = command("umount", disk.toString());
        Files.delete(disk);
      }
    } catch (IOException e) {
      System.err.println("chaos: could not be carried out: " + e);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private static int command(String... words) throws IOException, InterruptedException {
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private int run() throws IOException, InterruptedException {
    scene.broker().kill();
    for (int i = 1; i <= COMPONENTS; i++) {
      ComponentProcess component = scene.start(Optional.empty(), "full-" + i, Integer.toString(i));
      component.awaitOpening();
      component.order("storm");
      awaitFullDisk();
      TimeUnit.MILLISECONDS.sleep(ON_A_FULL_DISK.toMillis());
      component.kill();
      int told = scene.receipts().add(component.receipts());
      Scene.print("component %d filled the disk and was killed; %,d receipts", i, told);
    }
    boolean isReported = isReported();
    scene.broker().restart();
    scene.deliver(Optional.empty());
    Verdict verdict = scene.judge();
    verdict.findings().forEach(finding -> Scene.print("found: %s", finding));
    Scene.print("components=%d full=%s %s", COMPONENTS, isReported, scene.figures(verdict));
    if (!verdict.isGood()) {
      return 1;
    }
    return isReported && scene.receipts().size() > 0 ? 0 : 2;
  }

  private void awaitFullDisk() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + FULL_LIMIT.toNanos();
    while (Files.getFileStore(scene.spool()).getUsableSpace() > LEFT) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the disk was not full after " + FULL_LIMIT);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** Whether the first component has said that there is no room. */
  private boolean isReported() throws IOException {
    List<String> lines =
        Files.readAllLines(scene.work().resolve("full-1.log"), StandardCharsets.UTF_8);
    return lines.stream().anyMatch(line -> line.contains("No space left"));
  }
}
