package dev.bitacora.examples.landscape;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Components as processes. */
final class ProcessLandscape implements Landscape {
  private static final String MAIN = "dev.bitacora.examples.ComponentMain";

  /** Longer than a component's own drain. */
  private static final long STOP_SECONDS = 45;

  private final List<Process> processes = new ArrayList<>();
  private final List<Deployed> deployed = new ArrayList<>();

  private ProcessLandscape() {}

  static ProcessLandscape start(
      Destinations destinations, Optional<Path> receipts, String classPath) throws IOException {
    ProcessLandscape landscape = new ProcessLandscape();
    try {
      landscape.startAll(destinations, receipts, classPath);
      return landscape;
    } catch (IOException | RuntimeException e) {
      landscape.close();
      throw e;
    }
  }

  /** One program in all environments at once: three starts side by side, not twelve. */
  private void startAll(Destinations destinations, Optional<Path> receipts, String classPath)
      throws IOException {
    Map<String, Map<String, URI>> peers = new HashMap<>();
    for (String name : Programs.NAMES) {
      List<Process> started = new ArrayList<>();
      for (String environment : ENVIRONMENTS) {
        List<String> command = new ArrayList<>(java(classPath));
        command.addAll(List.of(name, "--environment", environment, "--until-input-ends"));
        receipts.ifPresent(
            folder ->
                command.addAll(
                    List.of(
                        "--receipts",
                        EmbeddedLandscape.receiptFile(folder, name, environment).toString())));
        peers
            .getOrDefault(environment, Map.of())
            .forEach((peer, url) -> command.addAll(List.of("--peer", peer + "=" + url)));
        started.add(start(command, destinations.of(name, environment)));
      }
      for (int i = 0; i < started.size(); i++) {
        String environment = ENVIRONMENTS.get(i);
        URI url = readyUrl(started.get(i), name, environment);
        peers.computeIfAbsent(environment, e -> new HashMap<>()).put(name, url);
        deployed.add(
            new Deployed(
                name,
                environment,
                url,
                receipts.map(folder -> EmbeddedLandscape.receiptFile(folder, name, environment))));
      }
    }
  }

  private static List<String> java(String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classPath,
        MAIN);
  }

  private Process start(List<String> command, Map<String, String> variables) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    builder.environment().putAll(variables);
    builder.environment().put("BITACORA_QUIET", "true");
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static URI readyUrl(Process process, String name, String environment) throws IOException {
    // Not closed: that would close the pipe of a process that may still write.
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("ready ")) {
        readOn(lines, name);
        return URI.create(line.substring("ready ".length()));
      }
    }
    throw new IOException(
        "the example component "
            + name
            + "/"
            + environment
            + " did not start; the lines above say why");
  }

  /** A pipe that nobody empties would block whoever writes one line too many. */
  private static void readOn(BufferedReader lines, String name) {
    Thread reader = new Thread(() -> lines.lines().forEach(line -> {}), "output of " + name);
    reader.setDaemon(true);
    reader.setUncaughtExceptionHandler((thread, closed) -> {});
    reader.start();
  }

  @Override
  public List<Deployed> components() {
    return List.copyOf(deployed);
  }

  @Override
  public void close() {
    processes.forEach(ProcessLandscape::endInput);
    for (Process process : processes) {
      try {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void endInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy(); // another way to ask it to end
    }
  }
}
