package dev.bitacora.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks a distribution. */
final class Archive {
  private Archive() {}

  /** Unpacks a zip's single top folder as {@code target}. */
  static void unpack(Path zip, Path target) throws IOException {
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(new BufferedInputStream(file, 1 << 16))) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        String inside = entry.getName().substring(entry.getName().indexOf('/') + 1);
        Path path = target.resolve(inside).normalize();
        if (!path.startsWith(target)) {
          throw new IOException(zip + ": the entry " + entry.getName() + " leads outside");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(entries, path);
        }
      }
    }
  }
}
