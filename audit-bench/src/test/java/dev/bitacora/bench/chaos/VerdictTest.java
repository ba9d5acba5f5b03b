package dev.bitacora.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The judge is no good if it lets everything pass. */
class VerdictTest {
  private static final StreamId STREAM = StreamId.newAt(Instant.parse("2026-11-15T00:00:00Z"));

  private final Verdict verdict = new Verdict();
  private final Receipts receipts = new Receipts();
  private ChainLink link = ChainLink.ZERO;

  @Test
  void completeStream_isGood() {
    deliver(0, event("a"));
    accepted(0, event("a"));
    verdict.decide(receipts);
    assertThat(verdict.isGood()).isTrue();
    assertThat(verdict.delivered()).isEqualTo(1);
  }

  @Test
  void recordTwice_isGood() {
    WireRecord first = deliver(0, event("a"));
    deliver(1, event("b"));
    verdict.audit(first);
    verdict.decide(receipts);
    assertThat(verdict.isGood()).isTrue();
  }

  @Test
  void acceptedAndNotDelivered_isLost() {
    deliver(0, event("a"));
    accepted(1, event("b"));
    verdict.decide(receipts);
    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(verdict.isGood()).isFalse();
  }

  @Test
  void deliveredWithOtherBytes_isLost() {
    deliver(0, event("a"));
    accepted(0, event("b"));
    verdict.decide(receipts);
    assertThat(verdict.lost()).isEqualTo(1);
  }

  @Test
  void missingNumbers_areAGap() {
    deliver(0, event("a"));
    deliver(3, event("b"));
    verdict.decide(receipts);
    assertThat(verdict.unexplainedGaps()).isEqualTo(1);
    assertThat(verdict.isGood()).isFalse();
  }

  @Test
  void missingNumbersThatAreAccountedFor_areAHole() {
    deliver(0, event("a"));
    deliver(3, lost(1, 3));
    deliver(4, event("b"));
    verdict.decide(receipts);
    assertThat(verdict.isGood()).isTrue();
    assertThat(verdict.holes()).isEqualTo(1);
    assertThat(verdict.delivered()).isEqualTo(2);
  }

  @Test
  void accountThatNamesOtherNumbers_isAGap() {
    deliver(0, event("a"));
    deliver(3, lost(2, 3));
    verdict.decide(receipts);
    assertThat(verdict.unexplainedGaps()).isEqualTo(1);
  }

  @Test
  void otherValueUnderANumber_isABrokenLink() {
    deliver(0, event("a"));
    verdict.audit(
        new WireRecord(
            RecordKind.AUDIT, new StreamPosition(STREAM, 0), ChainLink.ZERO, event("b")));
    verdict.decide(receipts);
    assertThat(verdict.brokenLinks()).isEqualTo(1);
  }

  @Test
  void linkThatDoesNotFollow_isABrokenLink() {
    deliver(0, event("a"));
    link = ChainLink.ZERO;
    deliver(1, event("b"));
    verdict.decide(receipts);
    assertThat(verdict.brokenLinks()).isEqualTo(1);
    assertThat(verdict.isGood()).isFalse();
  }

  @Test
  void logLineThatWasGivenUp_andSaidToBe_isNotLost_butAnAuditEventIs() {
    byte[] shed = gap(Actions.AGENT_DROPPED, 1, 3);
    StreamId lines = StreamId.newAt(Instant.parse("2026-11-16T00:00:00Z"));
    verdict.log(control(lines, 3, shed));
    receipts.add(receipt(lines, 2));
    deliver(0, event("a"));
    deliver(3, shed);
    accepted(2, event("b"));
    verdict.decide(receipts);
    assertThat(verdict.lost()).isEqualTo(1);
  }

  private static WireRecord control(StreamId stream, long sequence, byte[] value) {
    StreamPosition position = new StreamPosition(stream, sequence);
    return new WireRecord(RecordKind.CONTROL, position, ChainLink.ZERO, value);
  }

  private static ReceiptLine receipt(StreamId stream, long sequence) {
    String line = ReceiptLine.of(new StreamPosition(stream, sequence), event("line"));
    return ReceiptLine.parse(line).orElseThrow();
  }

  private WireRecord deliver(long sequence, byte[] value) {
    StreamPosition position = new StreamPosition(STREAM, sequence);
    String text = new String(value, java.nio.charset.StandardCharsets.UTF_8);
    boolean isGap = text.contains(Actions.AGENT_LOST) || text.contains(Actions.AGENT_DROPPED);
    RecordKind kind = isGap ? RecordKind.CONTROL : RecordKind.AUDIT;
    WireRecord record = new WireRecord(kind, position, link, value);
    link = link.next(position, value);
    verdict.audit(record);
    return record;
  }

  private void accepted(long sequence, byte[] value) {
    StreamPosition position = new StreamPosition(STREAM, sequence);
    receipts.add(ReceiptLine.parse(ReceiptLine.of(position, value)).orElseThrow());
  }

  private static byte[] event(String text) {
    return builder(Dataset.AUDIT).action("work.done").detail("text", text).build().bytes();
  }

  private static byte[] lost(long first, long last) {
    return gap(Actions.AGENT_LOST, first, last);
  }

  private static byte[] gap(String action, long first, long last) {
    return builder(Dataset.CONTROL)
        .action(action)
        .detail("first", first)
        .detail("last", last)
        .build()
        .bytes();
  }

  private static AuditEventBuilder builder(Dataset dataset) {
    return AuditEvent.builder(dataset)
        .at(Instant.parse("2026-11-15T00:00:00Z"))
        .set("service.name", "chaos")
        .set("service.environment", "test")
        .set("user.id", "system");
  }
}
