package dev.bitacora.examples.landscape;

import dev.bitacora.examples.api.ApiProgram;
import dev.bitacora.examples.assistant.AssistantProgram;
import dev.bitacora.examples.batch.BatchProgram;
import dev.bitacora.examples.cache.CacheProgram;
import dev.bitacora.examples.component.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The example programs by name, and what is installed where when the day begins. */
public final class Programs {
  /** In the order in which they can start: the api calls the others. */
  public static final List<String> NAMES = List.of("cache", "assistant", "batch", "api");

  private static final Map<String, Program.Factory> FACTORIES =
      Map.of(
          "cache", CacheProgram::new,
          "assistant", AssistantProgram::new,
          "batch", BatchProgram::new,
          "api", ApiProgram::new);

  /** Newer versions are certified before they reach production. */
  private static final Map<String, Map<String, String>> VERSIONS =
      Map.of(
          "dev", Map.of("cache", "2.3.0", "assistant", "0.9.0", "batch", "3.1.0", "api", "1.6.0"),
          "uat", Map.of("cache", "2.2.1", "assistant", "0.8.2", "batch", "3.1.0", "api", "1.5.0"));

  private static final Map<String, String> IN_PRODUCTION =
      Map.of("cache", "2.2.0", "assistant", "0.8.2", "batch", "3.0.4", "api", "1.4.2");

  private Programs() {}

  public static Optional<Program.Factory> find(String name) {
    return Optional.ofNullable(FACTORIES.get(name));
  }

  /** The version of a program that an environment begins with. */
  public static String version(String name, String environment) {
    return VERSIONS.getOrDefault(environment, IN_PRODUCTION).get(name);
  }
}
