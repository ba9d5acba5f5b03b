package dev.bitacora.cli.service;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The embedded service's directory, readable by its owner only.
 *
 * <pre>
 * index/                        the Lucene store
 * dlq/                          dead letters
 * state/                        users, tokens, sessions (hashes)
 * credentials/auditor.token     made by the first start, mode 0600
 * credentials/component.token
 * url                           where the service that holds the directory listens
 * </pre>
 */
public final class DataDirectory {
  /** The component in whose name the first component token sends. */
  public static final String FIRST_COMPONENT = "default";

  private final Path root;

  private DataDirectory(Path root) {
    this.root = root;
  }

  public static DataDirectory of(Configuration configuration) {
    return at(configuration.path(Setting.DATA_DIR).orElseThrow());
  }

  public static DataDirectory at(Path root) {
    return new DataDirectory(root.toAbsolutePath().normalize());
  }

  /** Makes what is missing. */
  void create() {
    try {
      Files.createDirectories(root);
      if (isPosix()) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new StoreException(
          "cannot use the data directory " + root + " (" + e + "); give a writable --data-dir", e);
    }
  }

  public Path root() {
    return root;
  }

  Path index() {
    return root.resolve("index");
  }

  Path deadLetters() {
    return root.resolve("dlq");
  }

  /** Where agents keep what they have not delivered yet. */
  public Path spool() {
    return root.resolve("spool");
  }

  Path state() {
    return root.resolve("state");
  }

  /** Where the service that used this directory last listens. */
  public Optional<URI> url() {
    return read(root.resolve("url")).map(URI::create);
  }

  void writeUrl(URI url) {
    write(root.resolve("url"), url.toString());
  }

  public Optional<String> auditorToken() {
    return token("auditor");
  }

  public Optional<String> componentToken() {
    return token("component");
  }

  /** A token that was kept here under this name. */
  Optional<String> token(String name) {
    return read(credential(name));
  }

  /** The tokens of the first start, by name. */
  Map<String, String> tokens() {
    Map<String, String> tokens = new TreeMap<>();
    auditorToken().ifPresent(token -> tokens.put("auditor", token));
    componentToken().ifPresent(token -> tokens.put("component", token));
    return tokens;
  }

  void writeToken(String name, String token) {
    write(credential(name), token);
  }

  /** The file of a token made by the first start. */
  public Path credential(String name) {
    return root.resolve("credentials").resolve(name + ".token");
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + " (" + e + "); check its rights", e);
    }
  }

  private void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
      Files.deleteIfExists(temporary);
      if (isPosix()) {
        Files.createFile(
            temporary,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.write(temporary, (text + "\n").getBytes(StandardCharsets.UTF_8));
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StoreException(
          "cannot write "
              + file
              + " ("
              + e
              + "); check the disk's space and the directory's rights",
          e);
    }
  }

  private boolean isPosix() {
    return root.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
