package dev.bitacora.viewer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.WriteResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Numbers events as one component's stream and writes them to a store. */
public final class Journal {
  private final StreamId stream = StreamId.newAt(Instant.now());
  private final List<NewEvent> waiting = new ArrayList<>();
  private long sequence;

  /** Adds an event and returns its id. */
  public String add(AuditEventBuilder event) {
    return add(event.build(), AgentIdStatus.VERIFIED);
  }

  /** Adds an event of exactly these bytes. */
  public String add(String json) {
    try {
      return add(AuditEvent.parse(json.getBytes(StandardCharsets.UTF_8)), AgentIdStatus.VERIFIED);
    } catch (InvalidEventException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public String add(AuditEvent event, AgentIdStatus status) {
    return add(event, status, sequence++);
  }

  /** Adds an event under a number that may be taken. */
  public String add(AuditEvent event, AgentIdStatus status, long number) {
    StreamPosition position = new StreamPosition(stream, number);
    LogPosition log = new LogPosition("bitacora.audit/0", waiting.size() + 1000 * number);
    waiting.add(new NewEvent(position, event, Instant.now(), log, status));
    return position.eventId();
  }

  /** Writes what was added. */
  public void writeTo(AuditStore store) {
    assertThat(store.write(waiting)).extracting(WriteResult::status).allMatch(s -> s.isDone());
    waiting.clear();
  }
}
