package dev.bitacora.collector.replay;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.Closing;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.Resolution;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.ItemResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Takes dead letters to the store by the way that every record goes, and closes those that came to
 * an end: stored, found there already, or parked again as a new letter with one replay more. A
 * letter that was replayed {@link #MAX_REPLAYS} times is left alone. A record that never got a
 * place in a log goes through the intake once more.
 *
 * <p>May be interrupted anywhere and started again: a letter is closed only after its record is
 * durable, and a record that is delivered twice meets its twin. Of two replays at the same time
 * neither loses anything; a letter that fails may then be parked by both. Safe for any thread.
 */
public final class DeadLetterReplay {
  /** More often nobody tries the same record: what is wrong must be mended first. */
  public static final int MAX_REPLAYS = 3;

  private static final int BATCH_LETTERS = 500;
  private static final long BATCH_BYTES = 5 << 20;

  private final DeadLetters letters;
  private final Redelivery redelivery;
  private final IntakeService intake;
  private final Clock clock;

  public DeadLetterReplay(
      DeadLetters letters, Delivery delivery, IntakeService intake, Clock clock) {
    this(letters, new Redelivery(delivery, Redelivery.PATIENCE), intake, clock);
  }

  DeadLetterReplay(DeadLetters letters, Redelivery redelivery, IntakeService intake, Clock clock) {
    this.letters = letters;
    this.redelivery = redelivery;
    this.intake = intake;
    this.clock = clock;
  }

  /**
   * Replays the open letters that are wanted.
   *
   * @param progress told after every batch
   * @throws DeadLettersUnavailableException when letters can not be read, parked or closed
   * @throws ReplayStoppedException when the store does not take them for a while
   */
  public ReplayCounts run(Predicate<StoredDeadLetter> wanted, Consumer<ReplayCounts> progress)
      throws DeadLettersUnavailableException, ReplayStoppedException {
    Run run = new Run(progress);
    letters.read(
        letter -> {
          if (wanted.test(letter)) {
            run.take(letter);
          }
          return !run.isStopped();
        });
    return run.end();
  }

  /** One replay; confined to its thread. */
  private final class Run {
    private final ReplayTally tally = new ReplayTally();
    private final Consumer<ReplayCounts> progress;
    private List<StoredDeadLetter> batch = new ArrayList<>();
    private long bytes;
    private ReplayStoppedException stopped;

    Run(Consumer<ReplayCounts> progress) {
      this.progress = progress;
    }

    boolean isStopped() {
      return stopped != null;
    }

    void take(StoredDeadLetter letter) throws DeadLettersUnavailableException {
      tally.read();
      if (letter.letter().replays() >= MAX_REPLAYS) {
        tally.exhausted();
        return;
      }
      batch.add(letter);
      bytes += letter.letter().record().size();
      if (batch.size() >= BATCH_LETTERS || bytes >= BATCH_BYTES) {
        deliver();
      }
    }

    ReplayCounts end() throws DeadLettersUnavailableException, ReplayStoppedException {
      if (!isStopped()) {
        deliver();
      }
      if (isStopped()) {
        throw stopped;
      }
      return tally.counts();
    }

    /** What was settled is closed also when the rest could not be. */
    private void deliver() throws DeadLettersUnavailableException {
      List<Closing> closings = new ArrayList<>();
      try {
        deliver(closings);
      } catch (ReplayStoppedException e) {
        stopped = e;
      }
      letters.close(closings);
      tally.closed(closings.size());
      batch = new ArrayList<>();
      bytes = 0;
      progress.accept(tally.counts());
    }

    private void deliver(List<Closing> closings) throws ReplayStoppedException {
      List<PendingRecord> records = new ArrayList<>();
      for (StoredDeadLetter letter : batch) {
        if (letter.letter().record().origin().isPresent()) {
          records.add(PendingRecord.replayOf(letter.letter(), new Entry(letter, closings)));
        }
      }
      redelivery.deliver(records);
      for (StoredDeadLetter letter : batch) {
        if (letter.letter().record().origin().isEmpty()) {
          new Entry(letter, closings).settled(takeAgain(letter));
        }
      }
    }

    private Settlement takeAgain(StoredDeadLetter stored) throws ReplayStoppedException {
      DeadLetter letter = stored.letter();
      try {
        // With the time: another folder of dead letters gives the same ids again.
        ItemResult result =
            intake.takeAgain(letter, "dlq " + stored.id().text() + " " + letter.at());
        return switch (result.status()) {
          case ACCEPTED -> Settlement.INDEXED;
          case DUPLICATE -> Settlement.DUPLICATE;
          case DEAD_LETTERED -> Settlement.DEADLETTERED;
        };
      } catch (IntakeUnavailableException e) {
        throw new ReplayStoppedException("replay: " + e.getMessage(), e);
      }
    }

    /** One letter on its way. */
    private final class Entry implements Receipt {
      private final StoredDeadLetter letter;
      private final List<Closing> closings;

      Entry(StoredDeadLetter letter, List<Closing> closings) {
        this.letter = letter;
        this.closings = closings;
      }

      @Override
      public void settled(PendingRecord record, Settlement how) {
        settled(how);
      }

      void settled(Settlement how) {
        tally.settled(how);
        Resolution resolution =
            how == Settlement.DEADLETTERED ? Resolution.PARKED_AGAIN : Resolution.STORED;
        closings.add(Closing.of(letter, resolution, clock.instant()));
      }

      @Override
      public boolean isWanted() {
        return true;
      }
    }
  }
}
