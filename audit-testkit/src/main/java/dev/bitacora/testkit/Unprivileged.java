package dev.bitacora.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The user that servers which refuse root run as when we are root. */
final class Unprivileged {
  private static final String NAME = "nobody";
  private static final Optional<Unprivileged> USER = detect();

  private final List<String> prefix;

  private Unprivileged(List<String> prefix) {
    this.prefix = prefix;
  }

  /** Empty when we are an ordinary user, who runs servers as himself. */
  static Optional<Unprivileged> user() {
    return USER;
  }

  /** The words before a command that make it run as this user. */
  List<String> prefix() {
    return prefix;
  }

  /** Makes this user the owner of a whole directory. */
  void own(Path directory) throws IOException {
    UserPrincipal owner =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(path, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setOwner(path, owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Optional<Unprivileged> detect() {
    if (!System.getProperty("user.name").equals("root")) {
      return Optional.empty();
    }
    if (isOnPath("setpriv")) {
      return Optional.of(
          new Unprivileged(
              List.of(
                  "sh",
                  "-c",
                  "exec setpriv --reuid=\"$(id -u %1$s)\" --regid=\"$(id -g %1$s)\" --clear-groups -- \"$@\""
                      .formatted(NAME),
                  "setpriv")));
    }
    if (isOnPath("runuser")) {
      return Optional.of(new Unprivileged(List.of("runuser", "-u", NAME, "--")));
    }
    throw new IllegalStateException(
        "Elasticsearch refuses to run as root, and neither setpriv nor runuser (package util-linux) is on the PATH"
            + " to run it as another user: install one of them, or build as an ordinary user");
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
