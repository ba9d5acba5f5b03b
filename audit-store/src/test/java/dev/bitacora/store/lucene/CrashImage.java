package dev.bitacora.store.lucene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A copy of a directory that is being written, as a kill would leave it. */
final class CrashImage {
  private CrashImage() {}

  static Path of(Path directory, Path parent) throws IOException {
    while (true) {
      Path image = Files.createTempDirectory(parent, "image");
      try {
        copy(directory, image);
        return image;
      } catch (NoSuchFileException e) {
        // merging removed a file under our hands: not one moment's image, so once more
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
