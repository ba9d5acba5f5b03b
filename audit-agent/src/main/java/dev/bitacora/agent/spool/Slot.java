package dev.bitacora.agent.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A component's folder for one process at a time, {@code
 * <root>/<component>@<environment>/slot-<n>}: whoever holds the lock of its {@code owner.lock} owns
 * it. Processes that follow each other use the same slot, processes beside each other one each.
 */
public final class Slot implements AutoCloseable {
  private static final String LOCK = "owner.lock";
  private static final String PREFIX = "slot-";

  /**
   * Which lock files this process has open, whatever class loader has loaded the agent: to close
   * any descriptor of such a file would release the lock on it (POSIX), so nobody may open it
   * again.
   */
  private static final String OPEN_IN_THIS_PROCESS = "dev.bitacora.slot ";

  private final Path folder;
  private final FileChannel channel;
  private final FileLock lock;

  private Slot(Path folder, FileChannel channel, FileLock lock) {
    this.folder = folder;
    this.channel = channel;
    this.lock = lock;
  }

  /** Where a component's slots are. */
  public static Path folderOf(Path root, String component, String environment) {
    return root.resolve(safe(component) + "@" + safe(environment));
  }

  /** Whose slots a folder holds, as far as its name says it; empty for any other folder. */
  public static Optional<Owner> componentIn(Path folder) {
    String name = folder.getFileName().toString();
    int at = name.indexOf('@');
    return at > 0 && Files.isDirectory(folder)
        ? Optional.of(new Owner(name.substring(0, at), name.substring(at + 1)))
        : Optional.empty();
  }

  /** A component and its environment. */
  public record Owner(String component, String environment) {}

  /** A file name for any text; different texts that are not safe stay different. */
  private static String safe(String text) {
    String safe = text.replaceAll("[^A-Za-z0-9._-]", "_");
    boolean isSame = safe.equals(text) && !safe.startsWith(".");
    return isSame ? safe : "_" + safe + "-" + Integer.toHexString(text.hashCode());
  }

  /**
   * The first slot that nobody has.
   *
   * @throws IOException when the folder cannot be written
   */
  public static Slot take(Path slots) throws IOException {
    Files.createDirectories(slots);
    for (int n = 0; ; n++) {
      Path folder = slots.resolve(PREFIX + n);
      Files.createDirectories(folder);
      Optional<Slot> slot = tryTake(folder);
      if (slot.isPresent()) {
        return slot.get();
      }
    }
  }

  /** The slots there are that nobody has; the caller closes them. */
  public static List<Slot> takeAbandoned(Path slots) throws IOException {
    List<Slot> abandoned = new ArrayList<>();
    try (var folders = Files.newDirectoryStream(slots, PREFIX + "*")) {
      for (Path folder : folders) {
        tryTake(folder).ifPresent(abandoned::add);
      }
    }
    return abandoned;
  }

  private static Optional<Slot> tryTake(Path folder) throws IOException {
    Path file = folder.resolve(LOCK).toAbsolutePath().normalize();
    if (System.getProperties().putIfAbsent(OPEN_IN_THIS_PROCESS + file, "") != null) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new Slot(folder, channel, lock));
      }
    } catch (OverlappingFileLockException e) {
      // another agent of this process was quicker
    } catch (IOException e) {
      forget(file, channel);
      throw e;
    }
    forget(file, channel);
    return Optional.empty();
  }

  private static void forget(Path file, FileChannel channel) throws IOException {
    if (channel != null) {
      channel.close();
    }
    System.getProperties().remove(OPEN_IN_THIS_PROCESS + file);
  }

  public Path folder() {
    return folder;
  }

  /** Names whoever runs here, the same for all that follow each other. */
  public String agentId() throws IOException {
    Path file = folder.resolve("agent.id");
    String known = Files.exists(file) ? Files.readString(file).strip() : "";
    if (!known.isEmpty()) {
      return known;
    }
    String fresh = UUID.randomUUID().toString();
    Path written = Files.writeString(folder.resolve("agent.id.new"), fresh);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return fresh;
  }

  @Override
  public void close() throws IOException {
    try {
      lock.release();
    } finally {
      forget(folder.resolve(LOCK).toAbsolutePath().normalize(), channel);
    }
  }
}
