package dev.bitacora.viewer.testing;

import dev.bitacora.viewer.trail.AccessLog;
import dev.bitacora.viewer.trail.AccessRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was recorded. */
public final class RecordingAccessLog implements AccessLog {
  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();

  @Override
  public void record(AccessRecord access) {
    records.add(access);
  }

  public List<AccessRecord> records() {
    return records;
  }

  public List<String> actions() {
    return records.stream().map(AccessRecord::action).toList();
  }

  public void clear() {
    records.clear();
  }
}
