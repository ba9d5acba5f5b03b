package dev.bitacora.bench.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What a harness that works in rounds can be told.
 *
 * @param seed from which every decision follows
 * @param sabotage what is broken on purpose
 */
public record ChaosArguments<S extends Enum<S>>(int rounds, long seed, Optional<S> sabotage) {
  /**
   * Reads the arguments; what is not said of the seed is chance.
   *
   * @param rounds when nothing is said
   * @param mostRounds that can be asked for
   * @throws IllegalArgumentException naming what is wrong
   */
  public static <S extends Enum<S>> ChaosArguments<S> parse(
      List<String> arguments, int rounds, int mostRounds, Class<S> sabotages) {
    long seed = RandomGenerator.getDefault().nextLong(1_000_000);
    ChaosArguments<S> read = new ChaosArguments<S>(rounds, seed, Optional.empty());
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + ": expected an option with a value");
      }
      read = read.with(name, arguments.get(i + 1), mostRounds, sabotages);
    }
    return read;
  }

  private ChaosArguments<S> with(String name, String value, int mostRounds, Class<S> sabotages) {
    return switch (name) {
      case "--rounds" -> new ChaosArguments<>(rounds(value, mostRounds), seed, sabotage);
      case "--seed" -> new ChaosArguments<>(rounds, number(name, value), sabotage);
      case "--sabotage" ->
          new ChaosArguments<>(rounds, seed, Optional.of(sabotage(value, sabotages)));
      default -> throw new IllegalArgumentException(name + ": no such option");
    };
  }

  private static int rounds(String text, int most) {
    long rounds = number("--rounds", text);
    if (rounds < 1 || rounds > most) {
      throw new IllegalArgumentException("--rounds: expected 1 to " + most + ", found " + text);
    }
    return (int) rounds;
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, found " + text, e);
    }
  }

  private static <S extends Enum<S>> S sabotage(String name, Class<S> sabotages) {
    return Arrays.stream(sabotages.getEnumConstants())
        .filter(sabotage -> text(sabotage).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--sabotage: expected "
                        + Arrays.stream(sabotages.getEnumConstants())
                            .map(ChaosArguments::text)
                            .collect(Collectors.joining(" or "))
                        + ", found "
                        + name));
  }

  /** As people write it. */
  private static String text(Enum<?> sabotage) {
    return sabotage.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
