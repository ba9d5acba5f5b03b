package dev.bitacora.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two programs, called wrongly. */
class MainTest {
  @TempDir private Path directory;

  private record Ended(int exitCode, String errors) {}

  private Ended run(Class<?> main, String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(words));
    Path errors = directory.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), java.nio.file.Files.readString(errors));
  }

  @Test
  void componentMain_calledWrongly_saysWhatIsExpected() throws Exception {
    assertThat(run(ComponentMain.class, "apis"))
        .isEqualTo(
            new Ended(
                3,
                "bitacora-examples: \"apis\": expected one of [cache, assistant, batch, api]\n"));
    assertThat(run(ComponentMain.class, "api", "--listen", "8080").errors())
        .contains("--listen: expected HOST:PORT");
    assertThat(run(ComponentMain.class, "api", "--port", "8080").errors())
        .contains("there is no such option");
  }

  @Test
  void componentMain_withoutADestination_couldNotRun() throws Exception {
    Ended ended = run(ComponentMain.class, "cache", "--environment", "dev");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.errors()).contains("BITACORA_URL or BITACORA_KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  void dayMain_calledWrongly_saysWhatIsExpected() throws Exception {
    assertThat(run(DayMain.class))
        .isEqualTo(new Ended(3, "bitacora-examples: ENVIRONMENT/COMPONENT=URL is missing\n"));
    assertThat(run(DayMain.class, "prd/api=http://127.0.0.1:1").errors())
        .contains("no cache runs in prd");
  }
}
