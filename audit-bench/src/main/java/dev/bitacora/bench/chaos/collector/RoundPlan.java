package dev.bitacora.bench.chaos.collector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * What happens in a round.
 *
 * @param happenings two to four faults that go together
 */
record RoundPlan(List<Happening> happenings) {
  private static final int LEAST = 2;
  private static final int MOST = 4;
  private static final int LATEST_MILLIS = 2_500;
  private static final int SHORTEST_MILLIS = 800;
  private static final int LONGEST_MILLIS = 3_500;

  RoundPlan {
    happenings = List.copyOf(happenings);
  }

  /**
   * A fault and when.
   *
   * @param delay after the round's beginning
   * @param length of what has a length
   * @param seed of its further decisions
   */
  record Happening(Fault fault, Duration delay, Duration length, long seed) {}

  /**
   * The plans of a run. Faults are dealt from a shuffled deck, so that each comes about as often as
   * the others; the same seed deals the same.
   */
  static List<RoundPlan> of(int rounds, long seed) {
    Random random = new Random(seed);
    List<Fault> deck = new ArrayList<>();
    List<RoundPlan> plans = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<Fault> hand = deal(deck, LEAST + random.nextInt(MOST - LEAST + 1), random);
      plans.add(new RoundPlan(hand.stream().map(fault -> happening(fault, random)).toList()));
    }
    return plans;
  }

  /** What does not go with the hand stays on top of the deck for the next round. */
  private static List<Fault> deal(List<Fault> deck, int size, Random random) {
    List<Fault> hand = new ArrayList<>();
    take(deck, hand, size);
    if (hand.size() < size) {
      List<Fault> fresh = new ArrayList<>(Arrays.asList(Fault.values()));
      Collections.shuffle(fresh, random);
      deck.addAll(fresh);
      take(deck, hand, size);
    }
    return hand;
  }

  private static void take(List<Fault> deck, List<Fault> hand, int size) {
    for (Iterator<Fault> cards = deck.iterator(); cards.hasNext() && hand.size() < size; ) {
      Fault card = cards.next();
      if (card.goesWith(hand)) {
        hand.add(card);
        cards.remove();
      }
    }
  }

  private static Happening happening(Fault fault, Random random) {
    return new Happening(
        fault,
        Duration.ofMillis(random.nextInt(LATEST_MILLIS)),
        Duration.ofMillis(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS)),
        random.nextLong());
  }
}
