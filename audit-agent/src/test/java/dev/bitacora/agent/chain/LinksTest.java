package dev.bitacora.agent.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.agent.spool.Watermark;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinksTest {
  /** More than stay in memory. */
  private static final int MANY = 50_000;

  private static final ChainLink WRONG = ChainLink.of(ChainLink.hash(new byte[] {1}));

  @TempDir Path folder;

  private final StreamId stream = StreamId.newAt(Instant.now());

  private SpooledRecord record(long sequence) {
    byte[] value = Long.toString(sequence).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return new SpooledRecord(
        stream, sequence, sequence, RecordKind.AUDIT, value, 0, 0, sequence + 1);
  }

  /** As a sealer does while nothing is delivered; the link after each record. */
  private List<ChainLink> follow(Links links, int count) {
    List<ChainLink> followed = new ArrayList<>();
    ChainLink link = ChainLink.ZERO;
    for (int i = 0; i < count; i++) {
      link = links.after(record(i), link);
      followed.add(link);
    }
    return followed;
  }

  private List<ChainLink> computed(int count) {
    return follow(Links.ofOthers(), count);
  }

  @Test
  void linkOfARecordThatWaitedLong_isNotComputedAgain() {
    try (Links links = Links.of(stream, Optional.of(folder))) {
      List<ChainLink> sealed = follow(links, MANY);
      assertThat(sealed).isEqualTo(computed(MANY));
      for (int i = 0; i < MANY; i++) {
        // What is computed from the wrong link is wrong.
        assertThat(links.after(record(i), WRONG)).as("%d", i).isEqualTo(sealed.get(i));
      }
      assertThat(folder).as("the file vanishes with the process").isEmptyDirectory();
    }
  }

  @Test
  void delivery_beginsAgainAtAnyPlace() {
    try (Links links = Links.of(stream, Optional.of(folder))) {
      List<ChainLink> sealed = follow(links, MANY);
      for (int from : new int[] {30_000, 7, 1023, 1024, 0, MANY - 1, 16_384, 33_000}) {
        assertThat(links.after(record(from), WRONG)).isEqualTo(sealed.get(from));
      }
    }
  }

  @Test
  void whatTheOtherHasComeTo_isNotKeptOutsideOfMemory() {
    try (Links links = Links.of(stream, Optional.of(folder))) {
      ChainLink link = ChainLink.ZERO;
      for (int i = 0; i < MANY; i++) {
        SpooledRecord record = record(i);
        ChainLink after = links.after(record, link);
        assertThat(links.after(record, WRONG)).isEqualTo(after);
        link = after;
      }
      assertThat(links.after(record(0), WRONG))
          .isEqualTo(WRONG.next(record(0).position(), value(0)));
    }
  }

  @Test
  void whatTheShipperHasSent_isNotKeptOutsideOfMemory() throws IOException {
    try (Links links = Links.of(stream, Optional.of(folder))) {
      ChainLink link = ChainLink.ZERO;
      for (int i = 0; i < MANY; i++) {
        link = links.after(record(i), link);
        if (i % 2000 == 1999) {
          links.sent(Watermark.after(record(i), link));
        }
      }
      assertThat(links.sentBeyond(MANY - 2001)).isPresent();
      assertThat(filesOpenIn(folder)).isEmpty();
    }
  }

  private byte[] value(long sequence) {
    return record(sequence).value();
  }

  @Test
  void withoutADisk_orWithOneThatFails_linksAreComputed() {
    for (Optional<Path> place :
        List.of(Optional.<Path>empty(), Optional.of(folder.resolve("no")))) {
      try (Links links = Links.of(stream, place)) {
        List<ChainLink> sealed = follow(links, MANY);
        assertThat(follow(links, MANY)).isEqualTo(sealed).isEqualTo(computed(MANY));
      }
    }
  }

  @Test
  void moreThanTheFileHolds_isComputed() {
    int more = (LinkFile.BLOCKS + 40) * LinkFile.BLOCK;
    try (Links links = Links.of(stream, Optional.of(folder))) {
      List<ChainLink> sealed = follow(links, more);
      assertThat(follow(links, more)).isEqualTo(sealed);
      int latest = more - LinkFile.BLOCKS * LinkFile.BLOCK;
      assertThat(links.after(record(latest), WRONG)).isEqualTo(sealed.get(latest));
    }
  }

  @Test
  void closed_givesTheFileUpAndComputesWhatMemoryDoesNotKnow() throws IOException {
    Links links = Links.of(stream, Optional.of(folder));
    List<ChainLink> sealed = follow(links, MANY);
    assertThat(filesOpenIn(folder)).hasSize(1);
    links.close();
    assertThat(follow(links, MANY)).isEqualTo(sealed);
    assertThat(filesOpenIn(folder)).isEmpty();
  }

  /** Of this process, as Linux tells it, those without a name among them. */
  private static List<String> filesOpenIn(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open) {
        try {
          found.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
          // closed meanwhile
        }
      }
    }
    String place = folder.toRealPath().toString();
    found.removeIf(file -> !file.startsWith(place));
    return found;
  }

  @Test
  void recordThatStandsForSeveralNumbers_leavesTheOthersUnknown() {
    try (Links links = Links.of(stream, Optional.of(folder))) {
      ChainLink after = links.after(record(5), ChainLink.ZERO);
      assertThat(links.after(record(5), WRONG)).isEqualTo(after);
      assertThat(links.after(record(4), WRONG))
          .isEqualTo(WRONG.next(record(4).position(), value(4)));
    }
  }
}
