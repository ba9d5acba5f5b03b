package dev.bitacora.agent.spool;

final class AppendSpoolTest extends DiskSpoolContract {
  @Override
  SegmentSource source() {
    return SegmentSource.APPENDED;
  }
}
