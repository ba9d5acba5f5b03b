package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {
  private static final int GIVEN = 10;
  private static final int REFUSED = 11;

  /** A JVM of its own that asks for a port. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) {
      System.exit(LoopbackPorts.reserve(Integer.parseInt(arguments[0])) ? GIVEN : REFUSED);
    }
  }

  @Test
  void aPortIsGivenOutOnce() {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 300; i++) { // of 10,000: left to chance, some four would come twice
      assertThat(given.add(LoopbackPorts.free())).isTrue();
    }
  }

  @Test
  void aPortGivenOutHere_isNotGivenOutByAnotherProcess() throws Exception {
    int given = LoopbackPorts.free();
    assertThat(LoopbackPorts.reserve(given)).isFalse();
    assertThat(reservedElsewhere(given)).isFalse();
  }

  @Test
  void aPortOfAProcessThatHasEnded_isGivenOutAgain() throws Exception {
    int port = 11_998; // outside what free() draws from, so nobody else's
    assertThat(reservedElsewhere(port)).isTrue();
    assertThat(reservedElsewhere(port)).isTrue();
  }

  @Test
  void aPortThatIsListenedOn_isNotFree() throws Exception {
    int port = LoopbackPorts.free();
    try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(server.isBound()).isTrue();
      assertThat(LoopbackPorts.isFree(port)).isFalse();
    }
    assertThat(LoopbackPorts.isFree(port)).isTrue();
  }

  private static boolean reservedElsewhere(int port) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                Integer.toString(port))
            .inheritIO()
            .start();
    int exit = other.waitFor();
    assertThat(exit).isIn(GIVEN, REFUSED);
    return exit == GIVEN;
  }
}
