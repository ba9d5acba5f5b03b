package dev.bitacora.examples.cache;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.User;
import dev.bitacora.examples.component.Program;
import dev.bitacora.examples.component.Workbench;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.Call;
import dev.bitacora.examples.web.RefusedException;
import dev.bitacora.examples.web.Routes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Temporary data with a time to live, and the cleaner that a timer elsewhere calls. */
public final class CacheProgram implements Program {
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

  private final AuditLog audit;
  private final Logger log;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(Map<String, Object> value, long storedAt) {}

  public CacheProgram(Workbench workbench) {
    audit = workbench.audit();
    log = workbench.log();
  }

  @Override
  public void serve(Routes routes) {
    routes
        .put("/entries/{key}", this::store)
        .get("/entries/{key}", this::read)
        .delete("/entries/{key}", this::evict)
        .post("/cleanups", call -> clean());
  }

  private Answer store(Call call) throws RefusedException {
    entries.put(call.path("key"), new Entry(call.json(), System.nanoTime()));
    log.debug("stored {}", call.path("key"));
    return Answer.of(201, "stored");
  }

  private Answer read(Call call) throws RefusedException {
    Entry entry = entries.get(call.path("key"));
    if (entry == null || isOver(entry)) {
      log.debug("miss {}", call.path("key"));
      throw new RefusedException(404, "not cached");
    }
    return Answer.ok(entry.value());
  }

  private Answer evict(Call call) {
    boolean removed = entries.remove(call.path("key")) != null;
    log.debug("evicted {}: {}", call.path("key"), removed);
    return Answer.of(200, removed ? "evicted" : "was not cached");
  }

  private Answer clean() {
    int before = entries.size();
    entries.values().removeIf(CacheProgram::isOver);
    long deleted = Math.max(0, before - entries.size());
    audit
        .event("cache.clean")
        .actor(User.SYSTEM)
        .target("cache", "invoices")
        .detail("deleted", deleted)
        .detail("kept", entries.size())
        .success()
        .record();
    log.info("cleaner deleted {} of {} entries", deleted, before);
    return Answer.ok(Map.of("deleted", deleted));
  }

  private static boolean isOver(Entry entry) {
    return System.nanoTime() - entry.storedAt() > TIME_TO_LIVE.toNanos();
  }
}
