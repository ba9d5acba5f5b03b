package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.cli.Cli.Result;
import dev.bitacora.core.event.AuditEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with what a component has left. */
final class SpoolCommandsTest {
  @TempDir Path folder;

  private Path spool;

  @BeforeEach
  void leaveTenEvents() {
    spool = folder.resolve("spool");
    AuditConfig config =
        AuditConfig.builder()
            .component("billing")
            .environment("prd")
            .url(URI.create("http://127.0.0.1:1"))
            .spoolDir(spool)
            .drain(Duration.ZERO)
            .quiet(true)
            .build();
    try (AuditLog audit = AuditLog.open(config)) {
      for (int i = 0; i < 10; i++) {
        assertThat(audit.event("invoice.pay").detail("i", i).success().record().isAccepted())
            .isTrue();
      }
    }
  }

  private String[] with(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "spool";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--spool-dir";
    all[arguments.length + 2] = spool.toString();
    return all;
  }

  @Test
  void list_saysWhatWaitsAndSinceWhen() {
    Result result = Cli.call(with("list"));

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().lines().filter(line -> line.contains(" audit ")))
        .singleElement()
        .asString()
        .containsPattern("billing@prd +slot-0 +audit +1[0-9] +[0-9,]+ +[0-9]+ s +0 ");
  }

  @Test
  void show_printsTheEventsAsTheyAre() throws Exception {
    Result result = Cli.call(with("show", "--component", "billing", "--lane", "audit"));

    assertThat(result.code()).as(result.err()).isZero();
    List<String> payments =
        result.out().lines().filter(line -> line.contains("invoice.pay")).toList();
    assertThat(payments).hasSize(10);
    String line = payments.get(0);
    String event = line.substring(line.indexOf("\"event\":") + 8, line.length() - 1);
    assertThat(
            AuditEvent.parse(event.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .text("service.name"))
        .contains("billing");
    assertThat(Cli.call(with("show", "--component", "other")).out()).isEmpty();
  }

  @Test
  void verify_findsDamage_andSaysWhere() throws IOException {
    Result good = Cli.call(with("verify"));
    assertThat(good.code()).as(good.out()).isZero();
    assertThat(good.out()).contains("missing=0");

    Path segment;
    try (var files = Files.walk(spool)) {
      segment =
          files
              .filter(
                  file -> file.toString().contains("audit/") && file.toString().endsWith(".seg"))
              .findFirst()
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(64 + 40);
      file.write('?');
    }
    Result bad = Cli.call(with("verify"));
    assertThat(bad.code()).isEqualTo(ExitCode.BAD);
    assertThat(bad.out())
        .contains(segment.toString())
        .contains("numbers 0 to 0")
        .contains("missing=1");
  }

  @Test
  void drain_deliversWhatIsLeft_andSaysWhenItCannot() throws Exception {
    Result nobody = Cli.call(with("drain", "--seconds", "1", "--url", "http://127.0.0.1:1"));
    assertThat(nobody.code()).isEqualTo(ExitCode.BAD);
    assertThat(nobody.out()).contains("slots=1 emptied=0");

    Process service =
        Cli.start(folder, Map.of(), "standalone", "--data-dir", "data", "--listen", "127.0.0.1:0");
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Cli.out(folder).contains("Ctrl-C"));
      String url = Files.readString(folder.resolve("data/url")).strip();
      String token = Files.readString(folder.resolve("data/credentials/component.token")).strip();
      Result drained = Cli.call(with("drain", "--url", url, "--token", token));
      assertThat(drained.code()).as(drained.err()).isZero();
      assertThat(drained.out()).contains("slots=1 emptied=1");
      assertThat(Cli.call(with("drain", "--url", url, "--token", token)).out())
          .contains("slots=0 emptied=0");
    } finally {
      service.destroy();
      assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Cli.call(with("show")).out()).isEmpty();
  }

  @Test
  void aFolderThatIsNone_isAClearError() {
    spool = folder.resolve("nowhere");
    Result result = Cli.call(with("list"));

    assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(result.err()).contains("nowhere is no folder").contains("--spool-dir");
  }
}
