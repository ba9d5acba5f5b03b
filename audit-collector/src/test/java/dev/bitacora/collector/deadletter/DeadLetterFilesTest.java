package dev.bitacora.collector.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.wire.KafkaHeaders.Header;
import dev.bitacora.store.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeadLetterFilesTest {
  @TempDir Path folder;

  @Test
  void list_afterReopening_givesEverythingThatWasAdded() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("one"), letter("two")));
    }
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("three")));
      assertThat(details(files)).containsExactly("one", "two", "three");
    }
  }

  @Test
  void list_ofARecordWithEverything_givesItBackByteForByte() throws Exception {
    byte[] key = {1, 2, 3};
    byte[] value = {0, -1, 'x'};
    RawRecord record =
        new RawRecord(
            Optional.of(new LogPosition("bitacora.audit/3", 17)),
            "billing",
            Optional.of(key),
            List.of(new Header("bt-v", new byte[] {1}), new Header("empty", null)),
            Optional.of(value));
    DeadLetter letter =
        new DeadLetter(
            record, DeadLetterReason.INVALID_EVENT, "détail", 4, 2, Instant.ofEpochMilli(123));
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter));
      DeadLetter found = files.list(1).get(0);
      assertThat(found.record().origin()).isEqualTo(record.origin());
      assertThat(found.record().sender()).isEqualTo("billing");
      assertThat(found.record().key()).hasValueSatisfying(k -> assertThat(k).isEqualTo(key));
      assertThat(found.record().value()).hasValueSatisfying(v -> assertThat(v).isEqualTo(value));
      assertThat(found.record().headers().get(0).value()).containsExactly(1);
      assertThat(found.record().headers().get(1).value()).isNull();
      assertThat(found.detail()).isEqualTo("détail");
      assertThat(found.attempts()).isEqualTo(4);
      assertThat(found.replays()).isEqualTo(2);
      assertThat(found.at()).isEqualTo(Instant.ofEpochMilli(123));
    }
  }

  @Test
  void list_ofARecordWithoutKeyAndValue_tellsThemFromEmptyOnes() throws Exception {
    RawRecord record =
        new RawRecord(Optional.empty(), "", Optional.empty(), List.of(), Optional.empty());
    try (DeadLetterFiles files = open()) {
      files.add(
          List.of(
              new DeadLetter(record, DeadLetterReason.MALFORMED_RECORD, "", 0, 0, Instant.EPOCH)));
      assertThat(files.list(1).get(0).record().key()).isEmpty();
      assertThat(files.list(1).get(0).record().value()).isEmpty();
    }
  }

  @Test
  void start_afterACutAtEveryByte_keepsWholeLettersAndTakesNewOnes() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("first")));
      files.add(List.of(letter("second")));
    }
    Path file = folder.resolve("00000001.dlq");
    byte[] whole = Files.readAllBytes(file);
    int firstEnds = 8 + DeadLetterFrame.write(letter("first")).length;
    for (int cut = 0; cut < whole.length; cut++) {
      Path copy = Files.createDirectories(folder.resolve("cut" + cut));
      Files.write(copy.resolve("00000001.dlq"), Arrays.copyOf(whole, cut));
      try (DeadLetterFiles files = new DeadLetterFiles(copy)) {
        files.start();
        files.add(List.of(letter("new")));
        assertThat(details(files))
            .isEqualTo(cut < firstEnds ? List.of("new") : List.of("first", "new"));
      }
    }
  }

  @Test
  void start_withADamagedLetterInTheLastFile_keepsItsBytesBeside() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("first"), letter("second")));
    }
    Path file = folder.resolve("00000001.dlq");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    try (DeadLetterFiles files = open()) {
      assertThat(details(files)).containsExactly("first");
    }
    int firstEnds = 8 + DeadLetterFrame.write(letter("first")).length;
    assertThat(Files.readAllBytes(folder.resolve("00000001.dlq.cut-" + firstEnds)))
        .isEqualTo(Arrays.copyOfRange(bytes, firstEnds, bytes.length));
  }

  @Test
  void start_withAFileOfANewerVersion_refusesItWithASentence() throws IOException {
    Files.write(folder.resolve("00000001.dlq"), "BTDLQ\0\0\2".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(this::open)
        .isInstanceOf(DeadLettersUnavailableException.class)
        .hasMessageContaining("format version 2, this program knows version 1");
  }

  @Test
  void add_beforeStart_saysThatItIsNotOpen() {
    assertThatThrownBy(() -> new DeadLetterFiles(folder).add(List.of(letter("x"))))
        .isInstanceOf(DeadLettersUnavailableException.class)
        .hasMessageContaining("not open");
  }

  @Test
  void list_withALimit_givesTheOldest() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("one"), letter("two"), letter("three")));
      assertThat(files.list(2)).extracting(DeadLetter::detail).containsExactly("one", "two");
    }
  }

  private DeadLetterFiles open() throws DeadLettersUnavailableException {
    DeadLetterFiles files = new DeadLetterFiles(folder);
    files.start();
    return files;
  }

  private static List<String> details(DeadLetterFiles files)
      throws DeadLettersUnavailableException {
    return files.list(100).stream().map(DeadLetter::detail).toList();
  }

  private static DeadLetter letter(String detail) {
    return new DeadLetter(
        RawRecord.unnumbered("{}".getBytes(StandardCharsets.UTF_8), "billing"),
        DeadLetterReason.MALFORMED_JSON,
        detail,
        1,
        0,
        Instant.EPOCH);
  }
}
