package dev.bitacora.agent.chain;

import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.core.chain.ChainLink;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latest links of a lane's chain, so that sealer and shipper, who go the same way one after the
 * other, compute each link once. Safe for any thread.
 */
public final class Links {
  private static final int REMEMBERED = 1 << 14;

  private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(REMEMBERED);

  private record Known(SpooledRecord of, ChainLink after) {}

  /** The link after this record, given the one before it. */
  public ChainLink after(SpooledRecord record, ChainLink previous) {
    int place = (int) (record.sequence() & (REMEMBERED - 1));
    Known latest = known.get(place);
    if (latest != null
        && latest.of().sequence() == record.sequence()
        && latest.of().stream().equals(record.stream())) {
      return latest.after();
    }
    ChainLink after = previous.next(record.position(), record.value());
    known.set(place, new Known(record.withoutValue(), after));
    return after;
  }
}
