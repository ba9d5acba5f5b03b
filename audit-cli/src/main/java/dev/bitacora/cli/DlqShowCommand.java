package dev.bitacora.cli;

import dev.bitacora.cli.service.DeadLetterSource;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import dev.bitacora.core.config.Setting;
import dev.bitacora.core.wire.KafkaHeaders.Header;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One dead letter, whole. */
@Command(
    name = "show",
    description = {
      "Prints one dead letter: what is wrong with it, its headers and its bytes; as text, or in",
      "hexadecimal when they are none. Changes nothing. Mind that it shows what was recorded.",
    })
final class DlqShowCommand extends SettingsCommand {
  @Parameters(paramLabel = "ID", description = "As list shows it: 0-17")
  private String id;

  DlqShowCommand() {
    super(Setting.DATA_DIR, Setting.KAFKA_BOOTSTRAP_SERVERS, Setting.CONFIG);
  }

  @Override
  public Integer call() throws Exception {
    DeadLetterId wanted = DlqOptions.id(spec.commandLine(), id);
    Optional<StoredDeadLetter> found = find(wanted);
    if (found.isEmpty()) {
      err()
          .println(
              "bitacora: no open dead letter has the id "
                  + wanted.text()
                  + "; 'bitacora dlq list' shows those that have one");
      return ExitCode.BAD;
    }
    print(found.get());
    return ExitCode.GOOD;
  }

  private Optional<StoredDeadLetter> find(DeadLetterId wanted) throws Exception {
    AtomicReference<StoredDeadLetter> found = new AtomicReference<>();
    try (DeadLetters letters = DeadLetterSource.of(configuration())) {
      letters.read(
          letter -> {
            if (letter.id().equals(wanted)) {
              found.set(letter);
            }
            return found.get() == null;
          });
    }
    return Optional.ofNullable(found.get());
  }

  private void print(StoredDeadLetter stored) {
    DeadLetter letter = stored.letter();
    RawRecord record = letter.record();
    line("id", stored.id().text());
    line("reason", letter.reason().text());
    line("detail", SafeText.line(letter.detail(), Integer.MAX_VALUE));
    line("parked", letter.at().toString());
    line("appended", letter.appended().toString());
    line("origin", record.origin().map(o -> o.log() + "@" + o.offset()).orElse("none"));
    line("sender", record.sender().isEmpty() ? "none" : SafeText.line(record.sender(), 128));
    line("attempts", Integer.toString(letter.attempts()));
    line("replays", Integer.toString(letter.replays()));
    line("key", record.key().map(DlqShowCommand::shown).orElse("none"));
    for (Header header : record.headers()) {
      String value = header.value() == null ? "none" : shown(header.value());
      line("header", SafeText.line(header.name(), 128) + " = " + value);
    }
    line("size", record.value().map(value -> value.length + " bytes").orElse("no value"));
    record.value().ifPresent(this::printBody);
  }

  private void line(String name, String value) {
    out().printf("%-9s %s%n", name, value);
  }

  private void printBody(byte[] body) {
    out().println();
    Optional<String> text = SafeText.of(body);
    if (text.isPresent()) {
      out().println(text.get());
    } else {
      out().print(SafeText.hex(body));
    }
    out().flush();
  }

  private static String shown(byte[] bytes) {
    return SafeText.of(bytes)
        .filter(text -> !text.isEmpty() && text.chars().noneMatch(Character::isISOControl))
        .orElseGet(() -> "0x" + HexFormat.of().formatHex(bytes));
  }
}
