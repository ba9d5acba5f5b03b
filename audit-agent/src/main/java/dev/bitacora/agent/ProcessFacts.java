package dev.bitacora.agent;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a process can say about itself and its machine, for heartbeats. */
final class ProcessFacts {
  private ProcessFacts() {}

  /**
   * Each fact that this platform knows.
   *
   * @param folder on the disk whose room is of interest
   */
  static Map<String, Object> now(Path folder) {
    Map<String, Object> facts = new LinkedHashMap<>();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    facts.put("heap_used_bytes", heap.getUsed());
    facts.put("heap_max_bytes", heap.getMax());
    facts.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    facts.put("uptime_ms", ManagementFactory.getRuntimeMXBean().getUptime());
    facts.put("disk_free_bytes", folder.toFile().getUsableSpace());
    operatingSystem(facts);
    linux(facts);
    return facts;
  }

  private static void operatingSystem(Map<String, Object> facts) {
    var system = ManagementFactory.getOperatingSystemMXBean();
    facts.put("load_1m", system.getSystemLoadAverage());
    if (system instanceof com.sun.management.OperatingSystemMXBean extended) {
      facts.put("cpu_process", extended.getProcessCpuLoad());
      facts.put("cpu_machine", extended.getCpuLoad());
    }
    if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      facts.put("open_files", unix.getOpenFileDescriptorCount());
    }
  }

  private static void linux(Map<String, Object> facts) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          facts.put("resident_bytes", Long.parseLong(line.replaceAll("\\D", "")) * 1024);
        }
      }
      long received = 0;
      long sent = 0;
      for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
        String[] columns = line.substring(line.indexOf(':') + 1).trim().split("\\s+", -1);
        if (line.indexOf(':') > 0 && columns.length >= 9) {
          received += Long.parseLong(columns[0]);
          sent += Long.parseLong(columns[8]);
        }
      }
      facts.put("network_received_bytes", received);
      facts.put("network_sent_bytes", sent);
    } catch (IOException | NumberFormatException e) {
      // another system: these facts are left out
    }
  }
}
