package dev.bitacora.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Calls the program: in this JVM, or as a process like a person does. */
final class Cli {
  private Cli() {}

  /** What a call came to. */
  record Result(int code, String out, String err) {}

  /** Calls it here. */
  static Result call(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }

  /** Starts it as a process; output and errors go to files in the folder. */
  static Process start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives for seconds: no time for the second compiler.
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dbitacora.home=" + System.getProperty("bitacora.root"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.bitacora.cli.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs it as a process, to its end. */
  static Result run(Path folder, long seconds, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(folder, environment, arguments);
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end after " + seconds + " s:\n" + err(folder));
    }
    return new Result(process.exitValue(), out(folder), err(folder));
  }

  static String out(Path folder) throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  static String err(Path folder) throws IOException {
    return Files.readString(folder.resolve("err"));
  }
}
