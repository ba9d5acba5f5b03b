package dev.bitacora.viewer.search;

import dev.bitacora.core.text.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a request's URL, each allowed by name. */
public final class Parameters {
  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Takes the parameters if all of them are known.
   *
   * @throws BadParameterException naming an unknown one and the nearest known one
   */
  public static Parameters of(Map<String, List<String>> values, Collection<String> known)
      throws BadParameterException {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new BadParameterException(
            name,
            "there is no parameter \""
                + name
                + "\" here"
                + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse(".")
                + " Known: "
                + String.join(", ", known));
      }
    }
    return new Parameters(values);
  }

  /** The value of a parameter that stands there once at most; empty when it is missing or blank. */
  Optional<String> single(String name) throws BadParameterException {
    return given(name).filter(value -> !value.isBlank());
  }

  /** The same, blank ones included. */
  Optional<String> given(String name) throws BadParameterException {
    List<String> all = values.getOrDefault(name, List.of());
    if (all.size() > 1) {
      throw new BadParameterException(name, "give " + name + " once");
    }
    return all.stream().findFirst();
  }

  /** The values of a parameter that may be repeated or be a list with commas. */
  List<String> several(String name) {
    List<String> texts = new ArrayList<>();
    for (String value : values.getOrDefault(name, List.of())) {
      for (String text : value.split(",", -1)) {
        if (!text.isBlank()) {
          texts.add(text.trim());
        }
      }
    }
    return texts;
  }

  /** A whole number within bounds. */
  int number(String name, int otherwise, int min, int max) throws BadParameterException {
    Optional<String> text = single(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below, like a number that is out of bounds
    }
    throw new BadParameterException(name, name + " is a whole number from " + min + " to " + max);
  }
}
