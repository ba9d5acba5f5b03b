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
import java.util.Map;
import java.util.Optional;

/** Which program this is: the file the process was started from. */
final class Artifact {
  private Artifact() {}

  /**
   * The main jar's name and SHA-256; nothing for a process started from class folders.
   *
   * @param stated what the configuration says instead
   */
  static Map<String, Object> facts(Optional<String> stated) {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (stated.isPresent()) {
      facts.put("artifact_sha256", stated.get());
      return facts;
    }
    String first = System.getProperty("java.class.path", "").split(File.pathSeparator, 2)[0];
    Path file = Path.of(first);
    if (first.endsWith(".jar") && Files.isRegularFile(file)) {
      facts.put("artifact", file.getFileName().toString());
      try {
        facts.put("artifact_sha256", sha256(file));
      } catch (IOException e) {
        facts.put("artifact_error", e.getClass().getSimpleName());
      }
    }
    return facts;
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
