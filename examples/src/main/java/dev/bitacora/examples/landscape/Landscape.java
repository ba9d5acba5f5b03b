package dev.bitacora.examples.landscape;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Every example component in every environment, running. */
public interface Landscape extends AutoCloseable {
  /** The environments of the story. */
  List<String> ENVIRONMENTS = List.of("dev", "uat", "prd");

  List<Deployed> components();

  /** Ends all components after they have delivered what they recorded. May be called again. */
  @Override
  void close();

  /**
   * All components in this JVM.
   *
   * @param receipts folder for a file of receipts of each component, if they are to keep any
   */
  static Landscape embedded(Destinations destinations, Optional<Path> receipts) {
    return EmbeddedLandscape.start(destinations, receipts);
  }

  /**
   * Each component in a process of its own, which ends with this one, however it ends.
   *
   * @param classPath on which {@code dev.bitacora.examples.ComponentMain} is found
   * @param receipts folder for a file of receipts of each component, if they are to keep any
   * @throws IOException when one does not start; its standard error says why
   */
  static Landscape processes(Destinations destinations, Optional<Path> receipts, String classPath)
      throws IOException {
    return ProcessLandscape.start(destinations, receipts, classPath);
  }
}
