package dev.bitacora.cli;

import dev.bitacora.cli.service.DeadLetterSource;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import dev.bitacora.core.config.Setting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One line for each open dead letter. */
@Command(
    name = "list",
    description = {
      "Lists the dead letters that are open, the oldest first, and how many there are by reason.",
      "Changes nothing; the services may run meanwhile.",
    })
final class DlqListCommand extends SettingsCommand {
  private static final int MAX_DETAIL = 300;

  @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason")
  private String reason;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only those parked since then: now-24h, 2026-11-21T10:15:00Z")
  private String since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Lines at most; the summary counts all (100)")
  private int limit;

  private final Map<DeadLetterReason, Long> counts = new EnumMap<>(DeadLetterReason.class);

  DlqListCommand() {
    super(Setting.DATA_DIR, Setting.KAFKA_BOOTSTRAP_SERVERS, Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    Optional<DeadLetterReason> wanted = DlqOptions.reason(spec.commandLine(), reason);
    Instant from =
        since == null ? Instant.MIN : DlqOptions.time(spec.commandLine(), "--since", since);
    counts.clear();
    try (DeadLetters letters = DeadLetterSource.of(configuration())) {
      letters.read(
          letter -> {
            if (wanted.map(r -> r == letter.letter().reason()).orElse(true)
                && !letter.letter().at().isBefore(from)) {
              count(letter);
            }
            return true;
          });
    }
    summarize();
    return ExitCode.GOOD;
  }

  private void count(StoredDeadLetter letter) {
    if (total() == 0) {
      print("id", "parked", "reason", "origin", "sender", "attempts", "replays", "detail");
    }
    if (total() < limit) {
      print(letter);
    }
    counts.merge(letter.letter().reason(), 1L, Long::sum);
  }

  private void print(StoredDeadLetter stored) {
    DeadLetter letter = stored.letter();
    print(
        stored.id().text(),
        letter.at().truncatedTo(ChronoUnit.MILLIS).toString(),
        letter.reason().text(),
        letter.record().origin().map(o -> o.log() + "@" + o.offset()).orElse("-"),
        letter.record().sender().isEmpty() ? "-" : SafeText.line(letter.record().sender(), 64),
        Integer.toString(letter.attempts()),
        Integer.toString(letter.replays()),
        SafeText.line(letter.detail(), MAX_DETAIL));
  }

  private void print(String... columns) {
    out().printf("%-12s %-24s %-18s %-28s %-20s %8s %7s  %s%n", (Object[]) columns);
  }

  private void summarize() {
    String byReason =
        counts.entrySet().stream()
            .map(count -> count.getKey().text() + "=" + count.getValue())
            .collect(Collectors.joining(" "));
    out().println(("open=" + total() + " " + byReason).strip());
    if (total() > limit) {
      err().println("bitacora: " + (total() - limit) + " more are not shown; see --limit");
    }
  }

  private long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
