package dev.bitacora.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below the kernel's ephemeral range, so that no outgoing connection, least of all one
 * to the server that is just restarting, takes the port in the meantime.
 *
 * <p>A port is given out once: a broker opens its own only seconds after it was found free, and by
 * then another server, of this JVM or of that of another module's tests, may have been told the
 * same. So this JVM listens on the odd port behind each even one that it has given out, for as long
 * as it lives, and whoever cannot have that one looks further. Safe for any thread.
 */
final class LoopbackPorts {
  private static final int FIRST = 12_000;
  private static final int END = 32_000;
  private static final int ATTEMPTS = 100;
  private static final List<ServerSocket> LOCKS = new ArrayList<>();

  private LoopbackPorts() {}

  static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = 2 * ThreadLocalRandom.current().nextInt(FIRST / 2, END / 2);
      // In this order: to look whether a port is free takes it for a moment from whoever was given
      // it.
      if (reserve(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port found on 127.0.0.1 between " + FIRST + " and " + END);
  }

  /** Gives an even port out; false when it has been given out before. */
  static synchronized boolean reserve(int port) {
    try {
      LOCKS.add(listen(port + 1));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  static boolean isFree(int port) {
    try (ServerSocket probe = listen(port)) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
