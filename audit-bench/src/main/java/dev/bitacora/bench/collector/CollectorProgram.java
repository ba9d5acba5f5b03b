package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.cli.Main;

/** The program {@code bitacora}, which ends when the benchmark does. */
public final class CollectorProgram {
  private CollectorProgram() {}

  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    Main.main(arguments);
  }
}
