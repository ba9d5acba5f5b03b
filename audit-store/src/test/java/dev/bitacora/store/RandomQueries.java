package dev.bitacora.store;

import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.core.query.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Queries about given events, so that most of them find something. */
final class RandomQueries {
  private final Random random;
  private final List<NewEvent> events;
  private final List<FieldName> fields;

  RandomQueries(Random random, NaiveStore store) {
    this.random = random;
    this.events = store.events();
    this.fields = new ArrayList<>(store.fields());
    fields.sort(Comparator.comparing(FieldName::text));
  }

  /** A tree of at most this depth. */
  Query next(int depth) {
    if (depth == 0) {
      return leaf(one(fields));
    }
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Query.And(List.of(next(depth - 1), next(depth - 1)));
      case 2, 3 -> new Query.Or(List.of(next(depth - 1), next(depth - 1), next(depth - 1)));
      case 4 -> new Query.Not(next(depth - 1));
      default -> leaf(one(fields));
    };
  }

  /** A leaf of each kind that the field's type allows. */
  List<Query> leaves(FieldName field) {
    List<Query> leaves = new ArrayList<>();
    leaves.add(new Query.Exists(field));
    leaves.add(new Query.Match(field, value(field)));
    switch (field.type()) {
      case KEYWORD, FLATTENED, TEXT -> leaves.add(new Query.Prefix(field, beginning(field)));
      case IP -> leaves.add(new Query.Match(field, network(value(field))));
      default -> {}
    }
    if (field.type() != FieldType.TEXT) {
      for (Query.Comparison comparison : Query.Comparison.values()) {
        leaves.add(new Query.Range(field, comparison, value(field)));
      }
    }
    leaves.add(new Query.Words(words()));
    leaves.add(new Query.WordsPrefix(beginning(words())));
    return leaves;
  }

  private Query leaf(FieldName field) {
    return one(leaves(field));
  }

  /** A value that some event has there, or one that none has. */
  private String value(FieldName field) {
    for (int tries = 0; tries < 20; tries++) {
      List<Object> values = NaiveStore.values(one(events), field);
      String text = values.isEmpty() ? "" : text(field, one(values));
      if (!text.isEmpty()) {
        return text;
      }
    }
    return switch (field.type()) {
      case LONG -> "7";
      case DATE -> EventTime.format(TestEvents.NOW);
      case IP -> "10.9.9.9";
      default -> "nowhere";
    };
  }

  private String text(FieldName field, Object value) {
    if (value instanceof Instant time) {
      return EventTime.format(time);
    }
    String text = value.toString();
    int word = text.indexOf(' ');
    return field.type() == FieldType.TEXT && word > 0 && random.nextBoolean()
        ? text.substring(0, word)
        : text;
  }

  private String words() {
    FieldName field =
        FieldName.of(one(List.of("message", "error.message", "user.name", "url.path", "action")));
    return value(field);
  }

  private String beginning(FieldName field) {
    return beginning(value(field));
  }

  private String beginning(String value) {
    int points = value.codePointCount(0, value.length());
    int length = 1 + random.nextInt(Math.min(points, 5));
    return value.substring(0, value.offsetByCodePoints(0, length));
  }

  private String network(String address) {
    int bits = address.indexOf(':') < 0 ? 32 : 128;
    return address + "/" + random.nextInt(bits + 1);
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
