package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands for a gap is written once, and then always the same. */
final class GapFileTest {
  private static final StreamId STREAM = StreamId.newAt(Instant.EPOCH);

  @TempDir Path folder;

  private String of(GapFile gaps, long first, long last, String words) throws IOException {
    byte[] bytes =
        gaps.of(STREAM, first, last, (from, to) -> words.getBytes(StandardCharsets.UTF_8));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void theFirstWordsCount_alsoForTheNextProcess() throws IOException {
    Path file = folder.resolve("gaps");
    GapFile gaps = new GapFile(file);
    assertThat(of(gaps, 3, 70_000, "first words")).isEqualTo("first words");
    assertThat(of(gaps, 3, 70_000, "other words")).isEqualTo("first words");
    GapFile next = new GapFile(file);
    assertThat(of(next, 3, 70_000, "other words")).isEqualTo("first words");
    assertThat(next.lastOf(STREAM, 3)).contains(70_000L);
    assertThat(next.lastOf(STREAM, 4)).isEmpty();
    next.clear();
    assertThat(file).doesNotExist();
    assertThat(of(next, 3, 70_000, "new words")).isEqualTo("new words");
  }

  @Test
  void whatADyingProcessLeftHalfWritten_costsNothingElse() throws IOException {
    Path file = folder.resolve("gaps");
    GapFile gaps = new GapFile(file);
    of(gaps, 1, 1, "one");
    long whole = Files.size(file);
    of(gaps, 2, 2, "two");
    byte[] both = Files.readAllBytes(file);
    for (int length = (int) whole; length < both.length; length++) {
      Files.write(file, Arrays.copyOf(both, length));
      GapFile next = new GapFile(file);
      assertThat(of(next, 1, 1, "again")).isEqualTo("one");
      of(next, 2, 2, "two again");
      of(next, 3, 3, "three");
      GapFile last = new GapFile(file);
      assertThat(of(last, 1, 1, "?")).isEqualTo("one");
      assertThat(of(last, 2, 2, "?")).startsWith("two");
      assertThat(of(last, 3, 3, "?")).isEqualTo("three");
    }
  }
}
