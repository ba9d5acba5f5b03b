package dev.bitacora.bench.chaos.collector;

import dev.bitacora.bench.chaos.collector.Receipts.Acknowledged;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares what the broker acknowledged with what is in the index and among the dead letters. */
final class Judge {
  /** What collectors say themselves, of alarms above all, was acknowledged to nobody. */
  private static final Map<String, Object> NOT_OF_COLLECTORS =
      Map.of(
          "bool", Map.of("must_not", Map.of("term", Map.of("service.name", "bitacora-collector"))));

  private final ChaosNode node;
  private final DeadLetterPlaces letters;
  private final Receipts receipts;
  private final Findings findings;

  /** What was nowhere when its round ended; a replay of everything may have brought it back. */
  private final Set<String> lostOnce = new HashSet<>();

  Judge(ChaosNode node, DeadLetterPlaces letters, Receipts receipts, Findings findings) {
    this.node = node;
    this.letters = letters;
    this.receipts = receipts;
    this.findings = findings;
  }

  /**
   * The figures of a round or a run.
   *
   * @param lost neither in the index nor among the dead letters, of a run: now or when its round
   *     ended
   * @param duplicates documents more than distinct events
   */
  record Verdict(int acknowledged, long indexed, int deadLettered, int lost, long duplicates) {}

  /**
   * How a round stands now. What else it finds counts at the run's end, if it is still so then.
   *
   * @param isDrained whether all that was acknowledged should be somewhere
   */
  Verdict round(int number, boolean isDrained) throws InterruptedException {
    Set<String> lost = new HashSet<>();
    Verdict verdict =
        judge(
            Map.of("term", Map.of("labels." + LoadStream.ROUND, Integer.toString(number))),
            receipts.round(),
            lost,
            new Findings());
    if (isDrained) {
      lostOnce.addAll(lost);
    }
    return verdict;
  }

  Verdict run() throws InterruptedException {
    Acknowledged all = receipts.all();
    Set<String> lost = new HashSet<>(lostOnce);
    Verdict verdict = judge(NOT_OF_COLLECTORS, all, lost, findings);
    lost.forEach(one -> findings.add(one + ": acknowledged, and nowhere when all was committed"));
    Set<String> strangers = letters.readOn();
    strangers.removeAll(all.poison());
    strangers.forEach(place -> findings.add(place + ": a dead letter, and is an event"));
    return verdict;
  }

  /**
   * @param lost takes the lost ones; how many it holds then is the verdict's figure
   */
  private Verdict judge(
      Map<String, Object> query, Acknowledged acknowledged, Set<String> lost, Findings findings)
      throws InterruptedException {
    Set<String> deadPlaces = letters.readOn();
    Set<String> deadEvents = letters.events();
    Set<String> found = new HashSet<>();
    long[] documents = {0};
    node.read(
        query,
        document -> {
          documents[0]++;
          if (!found.add(document.event())) {
            findings.add(document + ": indexed a second time");
          }
          if (!receipts.wasSent(document.event())) {
            findings.add(document + ": indexed, and nobody sent it");
          }
          if (deadEvents.contains(document.event())) {
            findings.add(document + ": indexed, and among the dead letters as well");
          }
        });
    long distinct = found.size();
    found.addAll(deadEvents);
    addMissing(acknowledged.events(), found, lost);
    addMissing(acknowledged.poison(), deadPlaces, lost);
    return new Verdict(
        acknowledged.size(), documents[0], deadPlaces.size(), lost.size(), documents[0] - distinct);
  }

  private static void addMissing(Set<String> expected, Set<String> found, Set<String> missing) {
    expected.stream().filter(one -> !found.contains(one)).forEach(missing::add);
  }
}
