package dev.bitacora.cli;

import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.viewer.search.TimeExpression;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What people write after the options of {@code dlq}, and what they mean. */
final class DlqOptions {
  private DlqOptions() {}

  /** A reason; empty when none was given. */
  static Optional<DeadLetterReason> reason(CommandLine line, String text) {
    if (text == null) {
      return Optional.empty();
    }
    Optional<DeadLetterReason> reason = DeadLetterReason.of(text);
    if (reason.isEmpty()) {
      String known =
          Arrays.stream(DeadLetterReason.values())
              .map(DeadLetterReason::text)
              .collect(Collectors.joining(", "));
      throw new ParameterException(
          line, "--reason: expected one of " + known + ", found \"" + text + "\"");
    }
    return reason;
  }

  static DeadLetterId id(CommandLine line, String text) {
    return DeadLetterId.of(text)
        .orElseThrow(
            () ->
                new ParameterException(
                    line,
                    "\""
                        + text
                        + "\" is no id of a dead letter; 'bitacora dlq list' shows them: 0-17"));
  }

  static Instant time(CommandLine line, String option, String text) {
    return TimeExpression.parse(text, Instant.now(), ZoneId.systemDefault())
        .orElseThrow(
            () ->
                new ParameterException(
                    line,
                    option
                        + ": expected a time such as now-24h or 2026-11-21T10:15:00Z, found \""
                        + text
                        + "\""));
  }
}
