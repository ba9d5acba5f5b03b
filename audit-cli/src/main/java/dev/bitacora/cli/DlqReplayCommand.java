package dev.bitacora.cli;

import dev.bitacora.cli.service.Replaying;
import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.replay.NothingReplayedException;
import dev.bitacora.collector.replay.ReplayCounts;
import dev.bitacora.collector.replay.ReplaySelection;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.LogPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Takes dead letters, or what stands in Kafka's topics, to the store once more. */
@Command(
    name = "replay",
    description = {
      "Takes dead letters to the store once more, by the way that every record goes; those that are",
      "stored are closed, those that fail again are parked again. After three replays a letter is",
      "left alone. With --from-offset or --from-time: takes what Kafka's topics hold from there on.",
      "Safe to interrupt and to repeat: what the store has already is a duplicate and is counted.",
      "Ends with 1 when something that was chosen is not in the store.",
    })
final class DlqReplayCommand extends SettingsCommand {
  private static final Duration NEWS_EVERY = Duration.ofSeconds(2);
  private static final Pattern PLACE = Pattern.compile("(\\S+/\\d{1,9})@(\\d{1,18})");

  @ArgGroup(multiplicity = "1")
  private Choice choice;

  private long lastNewsNanos = System.nanoTime();

  DlqReplayCommand() {
    super(
        Setting.DATA_DIR,
        Setting.KAFKA_BOOTSTRAP_SERVERS,
        Setting.ELASTICSEARCH_URL,
        Setting.ELASTICSEARCH_USER,
        Setting.ELASTICSEARCH_PASSWORD,
        Setting.ELASTICSEARCH_API_KEY,
        Setting.ELASTICSEARCH_CA_FILE,
        Setting.RETENTION_EVENTS,
        Setting.RETENTION_LOGS,
        Setting.CA_FILE,
        Setting.CONFIG);
  }

  /** What is to be replayed. */
  static final class Choice {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "These dead letters: 0-17 0-18")
    private List<String> ids;

    @Option(names = "--reason", paramLabel = "REASON", description = "Those with this reason")
    private String reason;

    @Option(names = "--all", description = "All that are open")
    private boolean all;

    @Option(
        names = "--from-offset",
        paramLabel = "TOPIC/PARTITION@OFFSET",
        description = "One partition, from there on: bitacora.audit/3@4711")
    private String fromOffset;

    @Option(
        names = "--from-time",
        paramLabel = "TIME",
        description = "All partitions, from what was appended then: now-24h, 2026-11-21T10:15:00Z")
    private String fromTime;
  }

  @Override
  public Integer call() throws Exception {
    if (choice.fromOffset != null) {
      LogPosition place = place(choice.fromOffset);
      return topics(replay -> replay.fromOffset(place, this::news));
    }
    if (choice.fromTime != null) {
      Instant time = DlqOptions.time(spec.commandLine(), "--from-time", choice.fromTime);
      return topics(replay -> replay.fromTime(time, this::news));
    }
    return deadLetters();
  }

  private int deadLetters() throws Exception {
    ReplaySelection selection = selection();
    ReplayCounts counts = Replaying.deadLetters(configuration(), selection, this::news);
    int code = report(counts);
    if (counts.exhausted() > 0) {
      err()
          .println(
              "bitacora: "
                  + counts.exhausted()
                  + " were replayed three times already and are left alone; 'bitacora dlq show ID'"
                  + " says what is wrong with one");
    }
    if (counts.read() < selection.ids().size()) {
      err()
          .println(
              "bitacora: "
                  + (selection.ids().size() - counts.read())
                  + " of the ids belong to no open dead letter; 'bitacora dlq list' shows them");
      return ExitCode.BAD;
    }
    return code;
  }

  private int topics(Replaying.TopicAction<ReplayCounts> action) throws Exception {
    Configuration configuration = configuration();
    if (!configuration.isSet(Setting.KAFKA_BOOTSTRAP_SERVERS)) {
      throw new ParameterException(
          spec.commandLine(),
          "--from-offset and --from-time read Kafka's topics: give --kafka-bootstrap-servers; the"
              + " embedded service keeps no log beside its index");
    }
    try {
      return report(Replaying.topics(configuration, action));
    } catch (NothingReplayedException e) {
      throw new ParameterException(spec.commandLine(), "--from-offset: " + e.getMessage(), e);
    }
  }

  private int report(ReplayCounts counts) {
    out().println(counts);
    return counts.isGood() ? ExitCode.GOOD : ExitCode.BAD;
  }

  private ReplaySelection selection() {
    Set<DeadLetterId> ids =
        Optional.ofNullable(choice.ids).orElse(List.of()).stream()
            .map(text -> DlqOptions.id(spec.commandLine(), text))
            .collect(Collectors.toSet());
    if (ids.isEmpty() && choice.reason == null && !choice.all) {
      throw new ParameterException(spec.commandLine(), "--all=false chooses nothing");
    }
    return new ReplaySelection(ids, DlqOptions.reason(spec.commandLine(), choice.reason));
  }

  private LogPosition place(String text) {
    Matcher place = PLACE.matcher(text);
    if (!place.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--from-offset: expected TOPIC/PARTITION@OFFSET such as bitacora.audit/3@4711, found \""
              + text
              + "\"");
    }
    return new LogPosition(place.group(1), Long.parseLong(place.group(2)));
  }

  private void news(ReplayCounts counts) {
    news(counts.toString());
  }

  private void news(ReplayCounts counts, long records) {
    news("of " + records + " records " + counts);
  }

  private void news(String text) {
    if (System.nanoTime() - lastNewsNanos >= NEWS_EVERY.toNanos()) {
      lastNewsNanos = System.nanoTime();
      err().println("bitacora: " + text);
    }
  }
}
