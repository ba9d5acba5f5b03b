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

  Judge(ChaosNode node, DeadLetterPlaces letters, Receipts receipts, Findings findings) {
    this.node = node;
    this.letters = letters;
    this.receipts = receipts;
    this.findings = findings;
  }

  /**
   * The figures of a round or a run.
   *
   * @param lost neither in the index nor among the dead letters
   * @param duplicates documents more than distinct events
   */
  record Verdict(int acknowledged, long indexed, int deadLettered, int lost, long duplicates) {}

  /** How a round stands now. What it finds counts at the run's end, if it is still so then. */
  Verdict round(int number) throws InterruptedException {
    return judge(
        Map.of("term", Map.of("labels." + LoadStream.ROUND, Integer.toString(number))),
        receipts.round(),
        new Findings());
  }

  Verdict run() throws InterruptedException {
    Acknowledged all = receipts.all();
    Verdict verdict = judge(NOT_OF_COLLECTORS, all, findings);
    Set<String> strangers = letters.readOn();
    strangers.removeAll(all.poison());
    strangers.forEach(place -> findings.add(place + ": a dead letter, and is an event"));
    return verdict;
  }

  private Verdict judge(Map<String, Object> query, Acknowledged acknowledged, Findings findings)
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
    return new Verdict(
        acknowledged.size(),
        documents[0],
        deadPlaces.size(),
        lostEvents(acknowledged, found, deadEvents, findings)
            + lostPoison(acknowledged, deadPlaces, findings),
        documents[0] - found.size());
  }

  private static int lostEvents(
      Acknowledged acknowledged, Set<String> found, Set<String> dead, Findings findings) {
    Set<String> lost = new HashSet<>(acknowledged.events());
    lost.removeAll(found);
    lost.removeAll(dead);
    lost.forEach(event -> findings.add(event + ": acknowledged, and nowhere"));
    return lost.size();
  }

  private static int lostPoison(Acknowledged acknowledged, Set<String> dead, Findings findings) {
    Set<String> lost = new HashSet<>(acknowledged.poison());
    lost.removeAll(dead);
    lost.forEach(place -> findings.add(place + ": poison, and not among the dead letters"));
    return lost.size();
  }
}
