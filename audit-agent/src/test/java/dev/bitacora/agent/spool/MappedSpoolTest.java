package dev.bitacora.agent.spool;

final class MappedSpoolTest extends DiskSpoolContract {
  @Override
  SegmentSource source() {
    return SegmentSource.MAPPED;
  }
}
