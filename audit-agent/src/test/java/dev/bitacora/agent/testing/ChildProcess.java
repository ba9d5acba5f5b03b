package dev.bitacora.agent.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A program in a JVM of its own, with its own environment and class path. */
public record ChildProcess(int exitCode, String output, String errors) {
  /**
   * Runs a program to its end, which must come within a minute.
   *
   * @param jars which entries of this JVM's class path it gets
   */
  public static ChildProcess run(
      Path directory,
      Class<?> main,
      Map<String, String> environment,
      Predicate<String> jars,
      List<String> options)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(jars)
            .collect(Collectors.joining(File.pathSeparator));
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    List<String> command =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the program did not end: " + Files.readString(errors));
    }
    return new ChildProcess(process.exitValue(), text(output), text(errors));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
