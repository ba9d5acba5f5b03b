package dev.bitacora.examples.batch;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file with a head, numbered rows and a foot that counts them. Rows stream through: memory does
 * not grow with the file. The file appears under its name only when it is complete.
 */
final class StructuredFile {
  /** What was written. */
  record Written(long rows, long bytes, String sha256) {}

  private StructuredFile() {}

  /** Writes each line of the input as a row. */
  static Written write(String name, Reader input, Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    MessageDigest digest = sha256();
    long rows = 0;
    try (BufferedReader lines = new BufferedReader(input, 1 << 16);
        OutputStream out =
            new BufferedOutputStream(
                new DigestOutputStream(Files.newOutputStream(unfinished), digest), 1 << 16)) {
      write(out, "{\"batch\":\"" + name + "\",\"rows\":[\n");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        write(out, (rows == 0 ? "" : ",\n") + "{\"number\":" + rows + ",\"value\":" + line + "}");
        rows++;
      }
      write(out, "\n],\"count\":" + rows + "}\n");
    }
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    return new Written(rows, Files.size(file), HexFormat.of().formatHex(digest.digest()));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
