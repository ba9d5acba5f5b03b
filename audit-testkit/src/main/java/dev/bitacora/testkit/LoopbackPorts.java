package dev.bitacora.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below the kernel's ephemeral range, so that no outgoing connection, least of all one
 * to the server that is just restarting, takes the port in the meantime.
 */
final class LoopbackPorts {
  private static final int FIRST = 12_000;
  private static final int END = 32_000;
  private static final int ATTEMPTS = 100;

  private LoopbackPorts() {}

  static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port found on 127.0.0.1 between " + FIRST + " and " + END);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
