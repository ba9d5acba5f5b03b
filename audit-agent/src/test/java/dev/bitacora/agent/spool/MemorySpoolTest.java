package dev.bitacora.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MemorySpoolTest extends SpoolContract {
  @Override
  Spool open() {
    return new MemorySpool(StreamId.newAt(Instant.now()), 16 << 20, GAPS, Clock.systemUTC());
  }

  @Override
  Spool openNarrow() {
    return new MemorySpool(StreamId.newAt(Instant.now()), 4_300, GAPS, Clock.systemUTC());
  }

  @Override
  void tend() {
    // needs nobody
  }

  @Test
  void full_stillTakesControlRecords() {
    spool = openNarrow();
    long count = fill();
    assertThat(spool.append(RecordKind.CONTROL, new byte[500])).isEqualTo(count + 1);
    assertThat(spool.state().accepted()).isEqualTo(count);
  }

  @Test
  void durability_isMemory() {
    assertThat(spool.durability()).isEqualTo(Durability.MEMORY);
    assertThat(spool.durability().meaning()).contains("does not survive a crash");
    assertThat(spool.forced()).isCompletedExceptionally();
  }
}
