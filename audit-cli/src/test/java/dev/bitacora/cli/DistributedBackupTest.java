package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.Cli.Result;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What docs/operations.md says of a backup of Elasticsearch, step by step: snapshot, loss of all,
 * setup, restore, replay.
 */
final class DistributedBackupTest extends DistributedTest {
  private static final String BODY =
      "{\"indices\": \"audit-*,bitacora-state*\", \"include_global_state\": false}";

  @Test
  void whatTheSnapshotLacks_isReplayed_andNothingStandsTwice() throws Exception {
    service.record("backup.before", Map.of());
    await().atMost(LONG).ignoreExceptions().until(() -> service.count("backup.before") == 1);
    String location = SharedEngines.elasticsearch().snapshots().resolve("bitacora").toString();
    service.ask(
        "PUT",
        "/_snapshot/bitacora",
        documented("{\"type\": \"fs\", \"settings\": {\"location\": \"/backup/bitacora\"}}")
            .replace("/backup/bitacora", location));
    service.ask("PUT", "/_snapshot/bitacora/2026-11-21?wait_for_completion=true", documented(BODY));
    service.record("backup.after", Map.of());
    await().atMost(LONG).ignoreExceptions().until(() -> service.count("backup.after") == 1);

    service.stop();
    loseEverything();
    assertThat(Cli.call(DistributedService.with("setup")).code())
        .isNotEqualTo(ExitCode.COULD_NOT_RUN);
    service.ask(
        "POST",
        "/_snapshot/bitacora/2026-11-21/_restore?wait_for_completion=true",
        documented(BODY));
    service.start();
    assertThat(service.count("backup.before")).isEqualTo(1);
    assertThat(service.count("backup.after")).isZero();

    Result replayed =
        Cli.call(DistributedService.with("dlq", "replay", "--from-time", begin.toString()));

    assertThat(replayed.code()).as(replayed.out() + replayed.err()).isZero();
    assertThat(service.count("backup.before")).isEqualTo(1);
    assertThat(service.count("backup.after")).isEqualTo(1);
  }

  /** What the page tells people to send. */
  private static String documented(String body) throws IOException {
    Path page = Path.of(System.getProperty("bitacora.root"), "docs", "operations.md");
    assertThat(Files.readString(page)).contains(body);
    return body;
  }

  private void loseEverything() throws Exception {
    String indices = service.ask("GET", "/_cat/indices/audit-*,bitacora-*?h=index", "");
    for (String index : indices.lines().map(String::strip).toList()) {
      service.ask("DELETE", "/" + index, "");
    }
    service.ask("DELETE", "/_index_template/bitacora-audit", "");
  }
}
