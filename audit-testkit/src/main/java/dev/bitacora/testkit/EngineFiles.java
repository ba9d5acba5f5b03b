package dev.bitacora.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The servers' distributions as the build of audit-testkit puts them into one folder: {@code
 * kafka-<version>/*.jar} and {@code elasticsearch-<version>.zip}.
 */
final class EngineFiles {
  /** Names the folder; the build sets it for every test. */
  static final String PROPERTY = "bitacora.engines";

  private static final String FETCH = "mvn -q -pl audit-testkit -am -DskipTests package";
  private static final Properties VERSIONS = versions();

  private final Path directory;

  EngineFiles(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** The folder that the system property names. */
  static EngineFiles configured() {
    String directory = System.getProperty(PROPERTY);
    if (directory == null) {
      throw new IllegalStateException(
          ("the system property %s names no folder. It is target/engines of the project; Maven sets it for tests, "
                  + "elsewhere pass -D%s=…/target/engines. The servers are fetched with: %s")
              .formatted(PROPERTY, PROPERTY, FETCH));
    }
    return new EngineFiles(Path.of(directory));
  }

  /** The folder of the broker's jars. */
  Path kafka() {
    String version = VERSIONS.getProperty("kafka");
    Path jars = directory.resolve("kafka-" + version);
    require(jars.resolve("kafka_2.13-" + version + ".jar"), "The Kafka broker");
    return jars;
  }

  /** The node's zip archive. */
  Path elasticsearch() {
    Path zip = directory.resolve("elasticsearch-" + VERSIONS.getProperty("elasticsearch") + ".zip");
    require(zip, "The Elasticsearch node");
    return zip;
  }

  private static void require(Path file, String server) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "%s is not at hand: %s is missing. Fetch it with: %s".formatted(server, file, FETCH));
    }
  }

  private static Properties versions() {
    try (InputStream in = EngineFiles.class.getResourceAsStream("engines.properties")) {
      Properties versions = new Properties();
      versions.load(in);
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException("reading the engines' versions", e);
    }
  }
}
