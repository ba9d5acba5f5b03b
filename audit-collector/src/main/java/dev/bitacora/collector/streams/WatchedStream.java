package dev.bitacora.collector.streams;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What we know of one stream. Guarded by its log. */
final class WatchedStream {
  private static final int VERSION = 7;
  private static final long RETRY_MILLIS = 10_000;
  private static final long AGAIN_MILLIS = 60_000;

  private final StreamId id;
  private final Holes holes = new Holes();
  private final ClockCheck clock = new ClockCheck();
  private String component = "";
  private String environment = "";
  private String host = "";
  private End end = End.NONE;
  private long endSequence;
  private boolean isAlive;
  private boolean isSilent;
  private long heardQuiet;
  private long heardTime;

  /** When the store is asked again, by our own clock. */
  private long askOfHolesAt;

  private long askOfConfirmedAt;
  private long askOfSilenceAt;

  /** How a stream ended, as far as somebody said so. */
  enum End {
    NONE,
    STOPPED,
    UNCLEAN
  }

  WatchedStream(StreamId id) {
    this.id = id;
  }

  /**
   * True of an agent's stream. The streams that the intake makes for requests with an idempotency
   * key have another version: whoever does not repeat such a request knows that it was not taken.
   */
  static boolean isWatched(StreamId id) {
    return id.uuid().version() == VERSION;
  }

  StreamId id() {
    return id;
  }

  Holes holes() {
    return holes;
  }

  ClockCheck clock() {
    return clock;
  }

  String component() {
    return component;
  }

  String host() {
    return host;
  }

  /** What tells its alarms from others'. */
  Map<String, String> labels(String log) {
    return Map.of(
        "service", component,
        "environment", environment,
        "stream", id.toString(),
        "partition", log);
  }

  /** When the stream began, by its own clock. */
  Instant began() {
    return Instant.ofEpochMilli(id.uuid().getMostSignificantBits() >>> 16);
  }

  boolean isNamed() {
    return !component.isEmpty();
  }

  void name(AuditEvent event) {
    component = event.text("service.name").orElse("");
    environment = event.text("service.environment").orElse("");
    host = event.text("host.name").orElse("");
  }

  /** It is of the same component. */
  void nameLike(WatchedStream other) {
    component = other.component;
    environment = other.environment;
    host = other.host;
  }

  /** It said something. */
  void hear(long quiet, long time) {
    heardQuiet = quiet;
    heardTime = time;
    isSilent = false;
  }

  /** Its agent gave a sign of life: more will follow. One behind its end says that it goes on. */
  void live(long sequence) {
    isAlive = true;
    if (sequence > endSequence) {
      end = End.NONE;
    }
  }

  /** Somebody said that it ended with this number. */
  void end(End how, long sequence) {
    end = how;
    endSequence = sequence;
    isSilent = false;
  }

  boolean isEnded() {
    return end != End.NONE;
  }

  boolean isUnclean() {
    return end == End.UNCLEAN;
  }

  /** True when more of it is expected. */
  boolean isLive() {
    return isAlive && !isEnded();
  }

  boolean isSilent() {
    return isSilent;
  }

  void fallSilent() {
    isSilent = true;
  }

  /** For how much of the log's quiet time it has said nothing. */
  long silentFor(long quiet) {
    return quiet - heardQuiet;
  }

  /** When it said its last word, by the log's time. */
  Instant heardAt() {
    return Instant.ofEpochMilli(heardTime);
  }

  /**
   * Holes to ask the store about now; each is asked about again a little later, until there is an
   * answer.
   *
   * @param noticedBefore younger holes may still fill by themselves
   */
  List<Hole> holesToAskAbout(long noticedBefore, long nowMillis) {
    List<Hole> due =
        holes.all().stream()
            .filter(
                hole ->
                    hole.isConfirmed()
                        ? nowMillis >= askOfConfirmedAt
                        : nowMillis >= askOfHolesAt && hole.since() <= noticedBefore)
            .toList();
    if (!due.isEmpty()) {
      askOfHolesAt = nowMillis + RETRY_MILLIS;
      askOfConfirmedAt = Math.max(askOfConfirmedAt, nowMillis + RETRY_MILLIS);
    }
    return due;
  }

  /** The store has answered: what it confirmed is asked about again later. */
  void answered(SequenceRange asked, List<SequenceRange> missing, long nowMillis) {
    holes.confirm(asked, missing);
    askOfConfirmedAt = nowMillis + AGAIN_MILLIS;
  }

  /** Whether to ask the store for a successor now; asked again a little later. */
  boolean isToAskAboutSilence(long nowMillis) {
    boolean is = nowMillis >= askOfSilenceAt;
    if (is) {
      askOfSilenceAt = nowMillis + (isSilent ? AGAIN_MILLIS : RETRY_MILLIS);
    }
    return is;
  }
}
