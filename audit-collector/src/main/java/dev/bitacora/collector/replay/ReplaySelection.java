package dev.bitacora.collector.replay;

import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which dead letters.
 *
 * @param ids only these; all when empty
 * @param reason only those with this reason
 */
public record ReplaySelection(Set<DeadLetterId> ids, Optional<DeadLetterReason> reason)
    implements Predicate<StoredDeadLetter> {
  public static final ReplaySelection ALL = new ReplaySelection(Set.of(), Optional.empty());

  public ReplaySelection {
    ids = Set.copyOf(ids);
  }

  @Override
  public boolean test(StoredDeadLetter letter) {
    return (ids.isEmpty() || ids.contains(letter.id()))
        && (reason.isEmpty() || reason.get() == letter.letter().reason());
  }
}
