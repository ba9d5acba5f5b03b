package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.cli.Main;
import java.util.List;

/** The program {@code bitacora}, which ends when the benchmark does. */
public final class CollectorProgram {
  /** As the launcher starts it. */
  static final List<String> JVM =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:NewRatio=1", "-XX:SurvivorRatio=4");

  private CollectorProgram() {}

  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    Main.main(arguments);
  }
}
