package dev.bitacora.examples.component;

import dev.bitacora.examples.web.Routes;

/** The work that a component does. */
public interface Program extends AutoCloseable {
  /** Declares what it serves. */
  void serve(Routes routes);

  /** Lets go of what it holds; nothing by default. */
  @Override
  default void close() {}

  /** Makes a program, for a start and again for each deployment. */
  @FunctionalInterface
  interface Factory {
    Program create(Workbench workbench);
  }
}
