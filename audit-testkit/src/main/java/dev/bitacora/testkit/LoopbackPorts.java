package dev.bitacora.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below the kernel's ephemeral range, so that no outgoing connection, least of all one
 * to the server that is just restarting, takes the port in the meantime.
 *
 * <p>A port is given out once: a broker opens its own only seconds after it was found free, and by
 * then another server, in this JVM or in that of another module's tests, may have been told the
 * same. So each one given out is locked until this JVM ends, as the byte at that offset of a file
 * that all JVMs of a user share. Safe for any thread.
 */
final class LoopbackPorts {
  private static final int FIRST = 12_000;
  private static final int END = 32_000;
  private static final int ATTEMPTS = 100;
  private static final Path LOCKS =
      Path.of(
          System.getProperty("java.io.tmpdir"),
          "bitacora-ports-" + System.getProperty("user.name"));
  private static final FileChannel LOCKED = open();

  private LoopbackPorts() {}

  static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (reserve(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port found on 127.0.0.1 between " + FIRST + " and " + END);
  }

  /** Gives a port out; false when it has been given out before. */
  static boolean reserve(int port) {
    try {
      return LOCKED.tryLock(port, 1, false) != null;
    } catch (OverlappingFileLockException givenOutByThisJvm) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(LOCKS + ": locking a byte for port " + port, e);
    }
  }

  private static FileChannel open() {
    try {
      return FileChannel.open(LOCKS, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(LOCKS + ": cannot be opened", e);
    }
  }

  static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
