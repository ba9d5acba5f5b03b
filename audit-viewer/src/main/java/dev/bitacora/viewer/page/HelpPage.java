package dev.bitacora.viewer.page;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The query language, by examples that run. */
public record HelpPage(
    Frame frame, List<Example> examples, Map<String, String> aliases, List<String> fields) {

  /** A query and what it finds. */
  public record Example(String query, String meaning, String href) {}

  private static final String[][] EXAMPLES = {
    {"actor:ann", "what Ann did: a field, a colon, the whole value"},
    {"action:invoice.*", "every action that begins with invoice."},
    {"outcome:failure and env:prd", "what failed in production; \"and\" may be left out"},
    {"action:(invoice.approve or invoice.reject)", "several values of one field"},
    {"not event.dataset:control", "without the agents' own records"},
    {"event.dataset:log and log.level:ERROR", "log lines, errors only"},
    {"\"connection refused\"", "these words side by side, in the message, error or reason"},
    {"timeout", "a word anywhere, or a whole identifier such as a user, target or trace"},
    {"error.code:*", "whatever has an error code"},
    {"http.response.status_code >= 500", "numbers and times compare with < <= > >="},
    {"event.duration > 1000000000", "took longer than a second (nanoseconds)"},
    {"ip:10.0.0.0/8", "addresses in a network"},
    {"target:\"I-981\" and audit.change.fields:status", "when one thing's status changed"},
    {"@timestamp:2026-11-20", "one day (UTC)"},
    {"labels.region:north", "a key of the free labels"},
    {"trace:4bf92f3577b34da6a3ce929d0e0e4736", "one request across all components"},
  };

  public static HelpPage of(Frame frame) {
    List<Example> examples =
        java.util.Arrays.stream(EXAMPLES)
            .map(
                example ->
                    new Example(example[0], example[1], frame.links().search(example[0], "now-7d")))
            .toList();
    List<String> fields =
        EventSchema.fields().stream()
            .filter(field -> field.type() != FieldType.STORED)
            .map(Field::name)
            .sorted()
            .toList();
    return new HelpPage(frame, examples, new TreeMap<>(EventSchema.ALIASES), fields);
  }
}
