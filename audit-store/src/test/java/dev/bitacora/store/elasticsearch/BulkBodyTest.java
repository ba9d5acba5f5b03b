package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import dev.bitacora.store.TestEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.http.HttpEntity;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.entity.HttpAsyncContentProducer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BulkBodyTest {
  private final BulkBody body = new BulkBody(1 << 20);
  private byte[] whole;

  /** Of a connection that takes some of what it is offered. */
  private static final class SlowEncoder implements ContentEncoder {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final int most;
    private boolean isCompleted;

    SlowEncoder(int most) {
      this.most = most;
    }

    @Override
    public int write(ByteBuffer source) {
      int taken = Math.min(most, source.remaining());
      for (int i = 0; i < taken; i++) {
        sent.write(source.get());
      }
      return taken;
    }

    @Override
    public void complete() {
      isCompleted = true;
    }

    @Override
    public boolean isCompleted() {
      return isCompleted;
    }
  }

  @BeforeEach
  void someDocuments() throws IOException {
    Instant now = Instant.now();
    for (int number = 0; number < 10; number++) {
      NewEvent event = TestEvents.event(1, number, e -> e.detail("filler", "x".repeat(50_000)));
      body.create(event.documentId(), event, new Placement("audit-events-2026.11", now, true));
    }
    whole = body.entity().getContent().readAllBytes();
    assertThat(whole).hasSizeGreaterThan(500_000);
  }

  @Test
  void whatAConnectionTakesInPieces_isTheWhole() throws IOException {
    SlowEncoder connection = new SlowEncoder(70_000);
    sendRest(body.entity(), connection);
    assertThat(connection.sent.toByteArray()).isEqualTo(whole);
  }

  /** The client begins the next attempt before it closes what has failed. */
  @Test
  void theNextAttempt_beginsAtTheBeginning_andTheEndOfTheOneBeforeDoesNotDisturbIt()
      throws IOException {
    HttpEntity entity = body.entity();
    SlowEncoder broken = new SlowEncoder(70_000);
    produce(entity, broken);
    assertThat(broken.sent.size()).isEqualTo(70_000);

    SlowEncoder next = new SlowEncoder(100_000);
    produce(entity, next);
    ((HttpAsyncContentProducer) entity).close();
    sendRest(entity, next);

    assertThat(next.sent.toByteArray()).isEqualTo(whole);
  }

  private static void sendRest(HttpEntity entity, SlowEncoder connection) throws IOException {
    while (!connection.isCompleted) {
      produce(entity, connection);
    }
  }

  private static void produce(HttpEntity entity, SlowEncoder connection) throws IOException {
    ((HttpAsyncContentProducer) entity).produceContent(connection, null);
  }
}
