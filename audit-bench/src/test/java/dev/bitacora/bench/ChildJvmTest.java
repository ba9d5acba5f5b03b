package dev.bitacora.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> JVM = List.of("-Xmx64m", "-XX:TieredStopAtLevel=1");

  @Test
  void aProgramsLines_areWaitedFor() {
    try (ChildJvm child = start("one", "two")) {
      assertThat(child.awaitLine("two", LIMIT)).isEqualTo("says two");
    }
  }

  @Test
  void aProgramThatReadsItsInput_isTold() {
    try (ChildJvm child = start("listen")) {
      child.tell("a word");
      assertThat(child.awaitLine("a word", LIMIT)).isEqualTo("heard a word");
    }
  }

  @Test
  void aProgramThatEnds_isReportedWithWhatItSaid() {
    try (ChildJvm child = start("one", "end")) {
      assertThatThrownBy(() -> child.awaitLine("two", LIMIT))
          .hasMessageContaining("\"two\" ended")
          .hasMessageContaining("says one");
    }
  }

  @Test
  void aProgramThatSaysNothing_isNotWaitedForForever() {
    try (ChildJvm child = start("one")) {
      child.awaitLine("one", LIMIT);
      assertThatThrownBy(() -> child.awaitLine("two", Duration.ofMillis(50)))
          .hasMessageContaining("did not within PT0.05S");
    }
  }

  @Test
  void close_endsTheProgram() {
    ChildJvm child = start("pid");
    long pid = pidIn(child.awaitLine("pid", LIMIT));
    child.close();
    assertThat(isAlive(pid)).isFalse();
  }

  @Test
  void aParentThatIsKilled_takesItsChildWithIt() {
    long grandchild;
    try (ChildJvm child = start("parent")) {
      grandchild = pidIn(child.awaitLine("pid", LIMIT));
      assertThat(isAlive(grandchild)).isTrue();
    }
    Awaitility.await().atMost(LIMIT).until(() -> !isAlive(grandchild));
  }

  private static ChildJvm start(String... words) {
    return ChildJvm.start(Program.class, JVM, List.of(words));
  }

  private static long pidIn(String line) {
    return Long.parseLong(line.substring("pid ".length()));
  }

  private static boolean isAlive(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isPresent() && process.get().isAlive();
  }

  /** Says its arguments and waits for its end. */
  static final class Program {
    private Program() {}

    public static void main(String[] words) throws InterruptedException {
      if (words[0].equals("listen")) {
        System.out.println("heard " + new Scanner(System.in, StandardCharsets.UTF_8).nextLine());
      }
      ChildJvm.endWithParent();
      for (String word : words) {
        switch (word) {
          case "listen" -> {}
          case "end" -> System.exit(0);
          case "pid" -> System.out.println("pid " + ProcessHandle.current().pid());
          case "parent" -> System.out.println(start("pid").awaitLine("pid", LIMIT));
          default -> System.out.println("says " + word);
        }
      }
      Thread.currentThread().join();
    }
  }
}
