package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.cli.Cli.Result;
import dev.bitacora.testkit.ElasticsearchNode;
import dev.bitacora.testkit.ElasticsearchOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see when they mistype, and when something is in the way. */
class CommandLineTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "standalone",
        "collector",
        "viewer",
        "setup",
        "send",
        "token",
        "spool",
        "dlq",
        "hold",
        "hold create",
        "hold list",
        "hold release"
      })
  void everyCommand_hasHelp(String command) {
    Result result = Cli.call((command + " --help").split(" ", -1));

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Usage: bitacora " + command);
  }

  @Test
  void help_listsTheCommandsAndExitCodes() {
    Result result = Cli.call("--help");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "demo", "standalone", "collector", "viewer", "setup", "send", "token", "spool", "dlq")
        .contains("hold")
        .contains("Exit codes");
  }

  @ParameterizedTest
  @CsvSource({
    "standalone --lisen 1, --listen",
    "standalone --data-dri x, --data-dir",
    "demo --evnts 5, --events",
    "standalon, standalone",
  })
  void aSlip_isAnsweredWithTheNearestName(String arguments, String nearest) {
    Result result = Cli.call(arguments.split(" ", -1));

    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(nearest).contains("--help");
  }

  @ParameterizedTest
  @CsvSource({
    "demo --exit, needs --events",
    "demo --events 5, at least 100",
    "demo --engines kafka, 'expected kafka,elasticsearch'",
    "token create, --component",
    "token create --component a --role reader, mutually exclusive",
    "token create --role admin, 'expected reader, auditor, exporter'",
    "token create --role reader --scope actr:x, did you mean actor",
    "hold, 'create, list or release'",
    "hold create --reason x, --query",
    "hold create --query actor:x, --reason",
    "hold create --query actr:x --reason x, did you mean actor",
    "hold create --query actor: --reason x, 'column 7'",
    "hold release, ID",
    "standalone --listen here:there, 'expected host:port'",
    "standalone --tls-key /nowhere, 'set both, or neither'",
    "standalone --base-path no-slash, base path",
    "standalone --trusted-proxies nobody, trusted proxies",
    "standalone --retention-logs 0, whole number of days",
    "collector, 'kafka-bootstrap-servers: required'",
    "viewer, 'elasticsearch-url: required'",
    "setup, 'elasticsearch-url: required'",
    "dlq, 'say what: list, show or replay'",
    "dlq list --reason odd, 'expected one of malformed-record, malformed-json'",
    "dlq list --since yesterday, 'expected a time such as now-24h'",
    "dlq show 17, 'is no id of a dead letter'",
    "dlq replay, 'Missing required argument'",
    "dlq replay 0-1 --all, 'mutually exclusive'",
    "dlq replay --from-offset bitacora.audit@5, 'expected TOPIC/PARTITION@OFFSET'",
    "dlq replay --from-offset bitacora.audit/0@5, 'give --kafka-bootstrap-servers'",
    "dlq replay --from-time now-1h, 'give --kafka-bootstrap-servers'",
    "dlq replay --all --kafka-bootstrap-servers k:1, 'elasticsearch-url: required'",
  })
  void wrongUsage_saysWhatWasExpected(String arguments, String expected) {
    String[] words = (arguments + dataDirectory(arguments)).split(" ", -1);
    Result result = Cli.call(words);

    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(expected);
    assertThat(result.err()).doesNotContain("Exception");
  }

  /** Nothing is to be left in the module's folder. */
  private String dataDirectory(String arguments) {
    return arguments.startsWith("standalone")
            || arguments.startsWith("token ")
            || arguments.startsWith("hold ")
        ? " --data-dir " + folder.resolve("data")
        : "";
  }

  @Test
  void anUnknownVariable_isAnsweredWithTheNearestName() throws Exception {
    Result result = Cli.run(folder, 60, Map.of("BITACORA_LISTN", "1"), "standalone");

    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("BITACORA_LISTN").contains("did you mean BITACORA_LISTEN?");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void aPortInUse_isOneClearLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result result =
          Cli.call(
              "standalone",
              "--data-dir",
              folder.toString(),
              "--listen",
              "127.0.0.1:" + taken.getLocalPort());

      assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
      assertThat(result.err().lines().toList()).hasSize(1);
      assertThat(result.err())
          .contains("127.0.0.1:" + taken.getLocalPort())
          .contains("in use")
          .contains("--listen");
    }
  }

  @Test
  void aDataDirectoryThatAnotherProcessHolds_isOneClearLine() throws Exception {
    Process holder =
        Cli.start(folder, Map.of(), "standalone", "--data-dir", "d", "--listen", "127.0.0.1:0");
    try {
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(60))
          .until(() -> Cli.out(folder).contains("runs."));
      Result result =
          Cli.call(
              "standalone",
              "--data-dir",
              folder.resolve("d").toString(),
              "--listen",
              "127.0.0.1:0");

      assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
      assertThat(result.err().lines().toList()).hasSize(1);
      assertThat(result.err()).contains(folder.resolve("d").toString()).contains("another process");
    } finally {
      holder.destroy();
      holder.waitFor();
    }
  }

  @Test
  void aDataDirectoryThatIsAFile_isOneClearLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Result result =
        Cli.call("standalone", "--data-dir", file.toString(), "--listen", "127.0.0.1:0");

    assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(result.err().lines().toList()).hasSize(1);
    assertThat(result.err()).contains(file.toString()).contains("--data-dir");
  }

  @Test
  void missingServers_areOneClearLine() {
    Result result =
        Cli.call(
            "viewer",
            "--elasticsearch-url",
            "http://127.0.0.1:1",
            "--kafka-bootstrap-servers",
            "127.0.0.1:1",
            "--listen",
            "127.0.0.1:0");

    assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(result.err()).contains("http://127.0.0.1:1").doesNotContain("Exception:");
  }

  @Test
  void aWrongPassword_isOneClearLine() {
    try (ElasticsearchNode node = ElasticsearchNode.start(ElasticsearchOptions.secured(Map.of()))) {
      Result result =
          Cli.call(
              "viewer",
              "--elasticsearch-url",
              node.url().toString(),
              "--elasticsearch-user",
              node.admin().name(),
              "--elasticsearch-password",
              "wrong",
              "--kafka-bootstrap-servers",
              "127.0.0.1:1",
              "--listen",
              "127.0.0.1:0");

      assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
      assertThat(result.err()).containsIgnoringCase("password").doesNotContain("wrong");
    }
  }

  @Test
  void sendWithoutAnybodyThere_saysWhereToLook() {
    Result result =
        Cli.call("send", "--url", "http://127.0.0.1:1", "--data-dir", folder.toString());

    assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(result.err()).contains("no acknowledgement").contains("check the address");
  }
}
