package dev.bitacora.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Which program this is: the file the process was started from, and the commit it was built of. */
final class Artifact {
  /** Where build tools leave the commit in a jar's manifest. */
  private static final List<String> COMMIT_ATTRIBUTES =
      List.of("Git-Commit", "Build-Commit", "SCM-Revision", "Implementation-Build");

  private final Optional<Path> jar;
  private final Optional<String> statedSha256;

  /**
   * The program of a class path.
   *
   * @param classPath its first entry is the program, if it is a jar
   * @param statedSha256 what the configuration says instead of the jar's own
   */
  Artifact(String classPath, Optional<String> statedSha256) {
    String first = classPath.split(File.pathSeparator, 2)[0];
    this.jar = Optional.of(Path.of(first)).filter(f -> first.endsWith(".jar"));
    this.statedSha256 = statedSha256;
  }

  /** Of this process. */
  static Artifact running(Optional<String> statedSha256) {
    return new Artifact(System.getProperty("java.class.path", ""), statedSha256);
  }

  /** What is known of it; little for a process started from class folders. Reads the whole jar. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    statedSha256.ifPresent(sha256 -> facts.put("artifact_sha256", sha256));
    jar.filter(Files::isRegularFile).ifPresent(file -> facts(file, facts));
    return facts;
  }

  private static void facts(Path file, Map<String, Object> facts) {
    facts.put("artifact", file.getFileName().toString());
    try {
      if (!facts.containsKey("artifact_sha256")) {
        facts.put("artifact_sha256", sha256(file));
      }
      commit(file).ifPresent(commit -> facts.put("build_commit", commit));
    } catch (IOException e) {
      facts.put("artifact_error", e.getClass().getSimpleName());
    }
  }

  private static Optional<String> commit(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
      return COMMIT_ATTRIBUTES.stream()
          .map(attributes::getValue)
          .filter(value -> value != null && !value.isBlank())
          .findFirst();
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
