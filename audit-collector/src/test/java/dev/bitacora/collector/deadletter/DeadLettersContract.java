package dev.bitacora.collector.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.wire.KafkaHeaders.Header;
import dev.bitacora.store.LogPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every place for dead letters does. */
public abstract class DeadLettersContract {
  private final List<DeadLetters> opened = new ArrayList<>();
  private DeadLetters letters;

  /** The same place each time, empty at first. */
  protected abstract DeadLetters make() throws Exception;

  @BeforeEach
  void openFirst() throws Exception {
    letters = reopened();
  }

  @AfterEach
  void closeAll() {
    opened.forEach(DeadLetters::close);
  }

  /** Another one in the same place, as after a restart. */
  private DeadLetters reopened() throws Exception {
    opened.forEach(DeadLetters::close);
    DeadLetters again = make();
    again.start();
    opened.add(again);
    return again;
  }

  @Test
  void read_ofALetterWithEverything_givesItBackByteForByte() throws Exception {
    byte[] key = {1, 2, 3};
    byte[] value = {0, -1, 'x'};
    RawRecord record =
        new RawRecord(
            Optional.of(new LogPosition("bitacora.audit/3", 17)),
            "billing",
            Optional.of(key),
            List.of(new Header("bt-v", new byte[] {1}), new Header("empty", null)),
            Optional.of(value));
    letters.add(
        List.of(
            new DeadLetter(
                record,
                DeadLetterReason.INVALID_EVENT,
                "détail",
                4,
                2,
                Instant.ofEpochMilli(123),
                Instant.now())));

    DeadLetter found = stored(letters).get(0).letter();
    assertThat(found.record().origin()).isEqualTo(record.origin());
    assertThat(found.record().sender()).isEqualTo("billing");
    assertThat(found.record().key()).hasValueSatisfying(k -> assertThat(k).isEqualTo(key));
    assertThat(found.record().value()).hasValueSatisfying(v -> assertThat(v).isEqualTo(value));
    assertThat(found.record().headers()).hasSize(2);
    assertThat(found.record().headers().get(0).value()).containsExactly(1);
    assertThat(found.record().headers().get(1).value()).isNull();
    assertThat(found.reason()).isEqualTo(DeadLetterReason.INVALID_EVENT);
    assertThat(found.detail()).isEqualTo("détail");
    assertThat(found.attempts()).isEqualTo(4);
    assertThat(found.replays()).isEqualTo(2);
    assertThat(found.appended()).isEqualTo(Instant.ofEpochMilli(123));
  }

  @Test
  void read_ofARecordWithoutKeyAndValue_tellsThemFromEmptyOnes() throws Exception {
    RawRecord record =
        new RawRecord(Optional.empty(), "", Optional.empty(), List.of(), Optional.empty());
    letters.add(
        List.of(
            new DeadLetter(record, DeadLetterReason.MALFORMED_RECORD, "", 0, 0, Instant.EPOCH)));

    RawRecord found = stored(letters).get(0).letter().record();
    assertThat(found.key()).isEmpty();
    assertThat(found.value()).isEmpty();
  }

  @Test
  void read_afterReopening_givesEverythingInOrder() throws Exception {
    letters.add(List.of(letter("one"), letter("two")));
    letters = reopened();
    letters.add(List.of(letter("three")));

    assertThat(details(letters)).containsExactly("one", "two", "three");
  }

  @Test
  void read_whenTheVisitorHasEnough_showsNoMore() throws Exception {
    letters.add(List.of(letter("one"), letter("two"), letter("three")));
    List<String> seen = new ArrayList<>();
    letters.read(
        letter -> {
          seen.add(letter.letter().detail());
          return seen.size() < 2;
        });

    assertThat(seen).containsExactly("one", "two");
    assertThat(letters.list(1)).extracting(DeadLetter::detail).containsExactly("one");
    assertThat(letters.list(0)).isEmpty();
  }

  @Test
  void aClosedLetter_isReadNoMore_alsoAfterReopening() throws Exception {
    letters.add(List.of(letter("one"), letter("two"), letter("three")));
    letters.close(List.of(closing(stored(letters).get(1))));

    assertThat(details(letters)).containsExactly("one", "three");
    letters = reopened();
    assertThat(details(letters)).containsExactly("one", "three");
  }

  @Test
  void closingALetterAgain_doesNoHarm_norDoesClosingNothing() throws Exception {
    letters.add(List.of(letter("one"), letter("two")));
    StoredDeadLetter first = stored(letters).get(0);
    letters.close(List.of(closing(first)));
    letters.close(List.of(closing(first), closing(first)));
    letters.close(List.of());

    assertThat(details(letters)).containsExactly("two");
  }

  @Test
  void ids_areTextThatReadsBack_andNoLetterGetsOneASecondTime() throws Exception {
    letters.add(List.of(letter("one")));
    StoredDeadLetter first = stored(letters).get(0);
    letters.close(List.of(closing(first)));
    letters = reopened();
    letters.add(List.of(letter("two")));

    DeadLetterId second = stored(letters).get(0).id();
    assertThat(second).isNotEqualTo(first.id());
    assertThat(DeadLetterId.of(second.text())).contains(second);
  }

  @Test
  void aVisitor_mayAddAndClose_andSeesNothingOfIt() throws Exception {
    letters.add(List.of(letter("one"), letter("two")));
    List<String> seen = new ArrayList<>();
    letters.read(
        letter -> {
          seen.add(letter.letter().detail());
          letters.add(List.of(letter("again " + letter.letter().detail())));
          letters.close(List.of(closing(letter)));
          return true;
        });

    assertThat(seen).containsExactly("one", "two");
    assertThat(details(letters)).containsExactly("again one", "again two");
  }

  @Test
  void aVisitorsTrouble_reachesWhoReads() throws Exception {
    letters.add(List.of(letter("one")));
    assertThatThrownBy(
            () ->
                letters.read(
                    letter -> {
                      throw new DeadLettersUnavailableException("no room", null);
                    }))
        .hasMessage("no room");
  }

  @Test
  void read_bySomebodyWhoDoesNotWrite_needsNoStart() throws Exception {
    letters.add(List.of(letter("one")));
    try (DeadLetters reader = make()) {
      assertThat(details(reader)).containsExactly("one");
    }
  }

  private static Closing closing(StoredDeadLetter letter) {
    return Closing.of(letter, Resolution.STORED, Instant.now());
  }

  private static List<StoredDeadLetter> stored(DeadLetters letters)
      throws DeadLettersUnavailableException {
    List<StoredDeadLetter> all = new ArrayList<>();
    letters.read(all::add);
    return all;
  }

  private static List<String> details(DeadLetters letters) throws DeadLettersUnavailableException {
    return stored(letters).stream().map(letter -> letter.letter().detail()).toList();
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
