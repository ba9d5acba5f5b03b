package dev.bitacora.collector.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a folder. */
final class DeadLetterFilesTest extends DeadLettersContract {
  @TempDir Path folder;

  @Override
  protected DeadLetters make() {
    return new DeadLetterFiles(folder);
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
  void aLetterAfterADamagedOne_getsAnIdOfItsOwn() throws Exception {
    StoredDeadLetter damaged;
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("damaged")));
      damaged = stored(files).get(0);
      files.close(List.of(Closing.of(damaged, Resolution.STORED, Instant.EPOCH)));
    }
    Path file = folder.resolve("00000001.dlq");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("new")));
      assertThat(details(files)).containsExactly("new");
      assertThat(stored(files).get(0).id()).isNotEqualTo(damaged.id());
    }
  }

  @Test
  void closings_cutAtEveryByte_openLettersAgainAndLoseNone() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("first"), letter("second"), letter("third")));
      for (StoredDeadLetter letter : stored(files).subList(0, 2)) {
        files.close(List.of(Closing.of(letter, Resolution.STORED, Instant.EPOCH)));
      }
    }
    byte[] whole = Files.readAllBytes(folder.resolve("closed"));
    int firstEnds = 8 + 28;
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(folder.resolve("closed"), Arrays.copyOf(whole, cut));
      try (DeadLetterFiles files = open()) {
        int closed = cut < firstEnds ? 0 : cut < whole.length ? 1 : 2;
        List<StoredDeadLetter> left = stored(files);
        assertThat(left).as("cut at %d", cut).hasSize(3 - closed);
        files.close(List.of(Closing.of(left.get(0), Resolution.STORED, Instant.EPOCH)));
        assertThat(stored(files)).as("cut at %d", cut).hasSize(2 - closed);
      }
    }
  }

  @Test
  void aDamagedClosing_opensItsLetterAgain() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("first"), letter("second")));
      for (StoredDeadLetter letter : stored(files)) {
        files.close(List.of(Closing.of(letter, Resolution.PARKED_AGAIN, Instant.EPOCH)));
      }
      byte[] bytes = Files.readAllBytes(folder.resolve("closed"));
      bytes[8 + 5] ^= 1;
      Files.write(folder.resolve("closed"), bytes);
      assertThat(details(files)).containsExactly("first");
    }
  }

  @Test
  void closings_ofANewerVersion_areRefusedWithASentence() throws Exception {
    Files.write(folder.resolve("closed"), "BTDLC\0\0\2".getBytes(StandardCharsets.US_ASCII));
    try (DeadLetterFiles files = open()) {
      assertThatThrownBy(() -> files.list(1))
          .isInstanceOf(DeadLettersUnavailableException.class)
          .hasMessageContaining("format version 2, this program knows version 1");
    }
  }

  @Test
  void aFrameOfTheFirstProgram_whichKnewNoAppendTime_isRead() throws Exception {
    byte[] frame = DeadLetterFrame.write(letter("old"));
    byte[] body = Arrays.copyOfRange(frame, DeadLetterFrame.HEADER, frame.length - Long.BYTES);
    byte[] old =
        ByteBuffer.allocate(DeadLetterFrame.HEADER + body.length)
            .putInt(body.length)
            .putInt(DeadLetterFrame.checksum(body))
            .put(body)
            .array();
    Files.write(folder.resolve("00000001.dlq"), old, StandardOpenOption.APPEND);
    try (DeadLetterFiles files = open()) {
      DeadLetter found = stored(files).get(0).letter();
      assertThat(found.detail()).isEqualTo("old");
      assertThat(found.appended()).isEqualTo(found.at());
    }
  }

  @Test
  void read_whileAnotherProcessIsWritingAFrame_showsTheWholeOnes() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("whole")));
      byte[] half = Arrays.copyOf(DeadLetterFrame.write(letter("half")), 20);
      Files.write(folder.resolve("00000001.dlq"), half, StandardOpenOption.APPEND);
      assertThat(details(new DeadLetterFiles(folder))).containsExactly("whole");
    }
  }

  @Test
  void aDamagedLetterInAnEarlierFile_isAnErrorThatSaysWhere() throws Exception {
    try (DeadLetterFiles files = open()) {
      files.add(List.of(letter("first")));
    }
    Path file = folder.resolve("00000001.dlq");
    byte[] bytes = Files.readAllBytes(file);
    Files.copy(file, folder.resolve("00000002.dlq"));
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> new DeadLetterFiles(folder).list(10))
        .isInstanceOf(DeadLettersUnavailableException.class)
        .hasMessageContaining("00000001.dlq: the frame at byte 8 is damaged");
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

  private static List<StoredDeadLetter> stored(DeadLetterFiles files)
      throws DeadLettersUnavailableException {
    List<StoredDeadLetter> all = new ArrayList<>();
    files.read(all::add);
    return all;
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
