package dev.bitacora.collector.metrics;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Balance;
import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.streams.StreamCounts;
import dev.bitacora.collector.webhook.Webhook;
import dev.bitacora.collector.webhook.Webhooks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the collector counts, as Prometheus text. All numbers of one answer are of one moment, so
 * that {@code consumed = indexed + duplicates + deadlettered + released + in flight} holds in it.
 * Safe for any thread.
 */
public final class CollectorMetrics implements Measurements {
  private static final Duration[] LIMITS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(300),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(5)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Accounts accounts;
  private final Supplier<Map<String, Lag>> lags;
  private final AlarmBoard alarms;
  private final String version;
  private final Timer bulk = timer("bitacora.bulk", "One write to the store");
  private final Timer endToEnd =
      timer("bitacora.end.to.end", "From the moment an event happened until it was durable");
  private final Timer clockAhead =
      timer("bitacora.clock.skew", "By how much an event's clock was ahead of the log's");
  private final MultiGauge lagRecords =
      MultiGauge.builder("bitacora.lag.records").description("Not durable yet").register(registry);
  private final MultiGauge firing =
      MultiGauge.builder("bitacora.alarms").description("Alarms that fire").register(registry);
  private volatile Balance balance = Balance.NOTHING;
  private volatile double lagSeconds;
  private volatile Supplier<StreamCounts> streams = () -> StreamCounts.NONE;
  private volatile Supplier<Map<DeadLetterReason, Long>> openDeadLetters = Map::of;
  private volatile StreamCounts streamCounts = StreamCounts.NONE;
  private volatile LongSupplier deletedPeriods = () -> 0;
  private volatile LongSupplier heldPeriods = () -> 0;

  /**
   * @param lags per partition, where there are any
   * @param version of this program
   */
  public CollectorMetrics(
      Accounts accounts,
      Supplier<Map<String, Lag>> lags,
      AlarmBoard alarms,
      Webhooks webhooks,
      String version) {
    this.accounts = accounts;
    this.lags = lags;
    this.alarms = alarms;
    this.version = version;
    counter("bitacora.consumed", "Came in", Balance::consumed);
    counter("bitacora.indexed", "Durable in the store", Balance::indexed);
    counter(
        "bitacora.conflicts", "Indexed beside another event with the same id", Balance::conflicts);
    counter("bitacora.duplicates", "Were there already", Balance::duplicates);
    counter("bitacora.released", "Given back unconfirmed", Balance::released);
    counter("bitacora.lost", "Removed by Kafka before anybody read them", Balance::lost);
    for (DeadLetterReason reason : DeadLetterReason.values()) {
      FunctionCounter.builder(
              "bitacora.deadlettered", this, m -> m.balance.deadLettered().getOrDefault(reason, 0L))
          .description("Parked with their reason")
          .tag("reason", reason.text())
          .register(registry);
    }
    gauge("bitacora.inflight.records", "Consumed and not settled", m -> m.balance.inFlight());
    gauge("bitacora.inflight.bytes", "Their bytes", m -> m.balance.inFlightBytes());
    gauge("bitacora.lag.seconds", "Age of the oldest unsettled record", m -> m.lagSeconds);
    // From the start: Prometheus sees no increase in a counter that begins above 0.
    Delivery.TROUBLES.forEach(this::retries);
    streams();
    webhooks.all().forEach(this::register);
    retention();
  }

  private void retention() {
    FunctionCounter.builder(
            "bitacora.retention.deleted.periods", this, m -> m.deletedPeriods.getAsLong())
        .description("Expired periods that this process has deleted")
        .register(registry);
    gauge(
        "bitacora.retention.held.periods",
        "Expired periods that legal holds keep",
        m -> m.heldPeriods.getAsLong());
  }

  private void streams() {
    gauge("bitacora.streams.live", "Streams of which more is expected", m -> m.streamCounts.live());
    gauge("bitacora.streams.silent", "Of those, silent", m -> m.streamCounts.silent());
    gauge("bitacora.stream.gaps.open", "Ranges missing now", m -> m.streamCounts.openGaps());
    FunctionCounter.builder("bitacora.stream.gaps", this, m -> m.streamCounts.gaps())
        .description("Ranges of numbers that were found missing")
        .register(registry);
    FunctionCounter.builder("bitacora.streams.unclean", this, m -> m.streamCounts.uncleanEnds())
        .description("Streams that ended without saying so")
        .register(registry);
  }

  /** Above how many bytes in flight reading pauses, where it does. */
  public void inFlightLimit(long bytes) {
    gauge("bitacora.inflight.limit.bytes", "Above it reading pauses", unused -> bytes);
  }

  /** Where the streams are counted; before that there are none. */
  public void watch(Supplier<StreamCounts> counts) {
    streams = counts;
  }

  private void register(Webhook webhook) {
    Gauge.builder("bitacora.webhook.up", webhook, w -> w.isUp() ? 1 : 0)
        .description("1 when the receiver of alarms took the last request")
        .tag("webhook", webhook.name())
        .register(registry);
    FunctionCounter.builder("bitacora.webhook.failures", webhook, Webhook::failures)
        .description("Requests that a receiver of alarms did not take")
        .tag("webhook", webhook.name())
        .register(registry);
  }

  /** Where open dead letters are counted, by reason; before that they are not exported. */
  public void deadLetters(Supplier<Map<DeadLetterReason, Long>> open) {
    openDeadLetters = open;
    for (DeadLetterReason reason : DeadLetterReason.values()) {
      Gauge.builder(
              "bitacora.deadletters.open",
              this,
              m -> m.openDeadLetters.get().getOrDefault(reason, 0L))
          .description("Dead letters that are not closed, as last looked at")
          .tag("reason", reason.text())
          .register(registry);
    }
  }

  /**
   * Says where retention counts.
   *
   * @param deleted periods that this process has deleted
   * @param held expired periods that holds keep now
   */
  public void retention(LongSupplier deleted, LongSupplier held) {
    deletedPeriods = deleted;
    heldPeriods = held;
  }

  /** Prometheus text. */
  public synchronized String scrape() {
    balance = accounts.balance();
    streamCounts = streams.get();
    Map<String, Lag> now = lags.get();
    lagRecords.register(
        now.entrySet().stream()
            .map(
                entry ->
                    MultiGauge.Row.of(
                        Tags.of("partition", entry.getKey()), entry.getValue().records()))
            .toList(),
        true);
    firing.register(countsOfFiring(), true);
    lagSeconds =
        now.values().stream().mapToDouble(lag -> lag.age().toMillis() / 1000.0).max().orElse(0);
    // The registry takes a name that ends in _info for a suffix of its own and cuts it off.
    return registry.scrape()
        + "# HELP build_info What runs\n# TYPE build_info gauge\nbuild_info{version=\""
        + version
        + "\"} 1\n";
  }

  private List<MultiGauge.Row<?>> countsOfFiring() {
    Map<Tags, Long> counts =
        alarms.firing().stream()
            .map(FiringAlarm::alarm)
            .collect(
                Collectors.groupingBy(
                    alarm ->
                        Tags.of("alarmname", alarm.name(), "severity", alarm.severity().text()),
                    Collectors.counting()));
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    counts.forEach((tags, count) -> rows.add(MultiGauge.Row.of(tags, count)));
    return rows;
  }

  @Override
  public void bulk(Duration duration) {
    bulk.record(duration);
  }

  @Override
  public void endToEnd(Duration duration) {
    endToEnd.record(duration);
  }

  @Override
  public void clockAhead(Duration duration) {
    clockAhead.record(duration);
  }

  @Override
  public void retried(String troubleClass, int records) {
    retries(troubleClass).increment(records);
  }

  private Counter retries(String troubleClass) {
    return Counter.builder("bitacora.retried.items")
        .description("Attempts that failed and will be repeated")
        .tag("class", troubleClass)
        .register(registry);
  }

  private void counter(String name, String description, ToDoubleFunction<Balance> value) {
    FunctionCounter.builder(name, this, m -> value.applyAsDouble(m.balance))
        .description(description)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<CollectorMetrics> value) {
    Gauge.builder(name, this, value).description(description).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(LIMITS)
        .register(registry);
  }
}
