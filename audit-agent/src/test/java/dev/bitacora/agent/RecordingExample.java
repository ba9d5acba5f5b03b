package dev.bitacora.agent;

import dev.bitacora.core.chain.ChainLink;
import java.io.PrintStream;
import java.util.HexFormat;

/**
 * Records with eight threads until it is killed, or as many events as its argument says, and says
 * on its output what was accepted, one line for each: position and SHA-256 of the bytes.
 */
final class RecordingExample {
  private static final int THREADS = 8;

  private RecordingExample() {}

  public static void main(String[] arguments) {
    AuditLog audit = AuditLog.open(AuditConfig.fromEnvironment());
    PrintStream out = System.out;
    int each = arguments.length == 0 ? Integer.MAX_VALUE : Integer.parseInt(arguments[0]) / THREADS;
    for (int t = 0; t < THREADS; t++) {
      String name = "recorder-" + t;
      new Thread(() -> record(audit, out, each), name).start();
    }
  }

  private static void record(AuditLog audit, PrintStream out, int each) {
    for (int i = 0; i < each; i++) {
      Receipt receipt = audit.event("work.done").detail("i", i).success().record();
      if (receipt.isAccepted()) {
        String hash = HexFormat.of().formatHex(ChainLink.hash(receipt.bytes()));
        out.println(receipt.eventId().orElseThrow() + " " + hash);
      }
    }
  }
}
