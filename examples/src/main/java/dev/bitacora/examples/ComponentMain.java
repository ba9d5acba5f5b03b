package dev.bitacora.examples;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import dev.bitacora.examples.component.Component;
import dev.bitacora.examples.component.ComponentConfig;
import dev.bitacora.examples.component.Program;
import dev.bitacora.examples.landscape.Programs;
import dev.bitacora.examples.logging.ComponentLogs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs one example component as a process:
 *
 * <pre>
 * ComponentMain api|cache|assistant|batch
 *     --environment NAME           else BITACORA_ENVIRONMENT
 *     --version VERSION            else BITACORA_SERVICE_VERSION
 *     --listen HOST:PORT           else a free port of 127.0.0.1
 *     --peer NAME=URL              once for each component it calls
 *     --receipts FILE              where to keep proof of what was recorded
 *     --until-input-ends           end when standard input does
 * </pre>
 *
 * The agent is configured by {@code BITACORA_*} variables. Prints {@code ready URL} once it serves.
 * Ends with SIGTERM, after delivering what it recorded. Exit code 2 when it could not run, 3 for
 * wrong usage.
 */
public final class ComponentMain {
  private static final int COULD_NOT_RUN = 2;
  private static final int WRONG_USAGE = 3;

  private final Map<String, URI> peers = new HashMap<>();
  private final String name;
  private Optional<String> environment = variable(Setting.ENVIRONMENT);
  private Optional<String> version = variable(Setting.SERVICE_VERSION);
  private Optional<Path> receipts = Optional.empty();
  private String host = "127.0.0.1";
  private int port;
  private boolean untilInputEnds;

  private ComponentMain(String[] words) {
    name = words.length == 0 ? "" : words[0];
    for (int i = 1; i < words.length; i++) {
      if (words[i].equals("--until-input-ends")) {
        untilInputEnds = true;
      } else if (i + 1 < words.length) {
        option(words[i], words[++i]);
      } else {
        throw new IllegalArgumentException(words[i] + ": a value is missing, or it is no option");
      }
    }
  }

  public static void main(String[] words) throws IOException {
    try {
      new ComponentMain(words).run();
    } catch (InvalidConfigurationException e) {
      fail(COULD_NOT_RUN, e.getMessage());
    } catch (IllegalArgumentException e) {
      fail(WRONG_USAGE, e.getMessage());
    }
  }

  private static void fail(int code, String message) {
    System.err.println("bitacora-examples: " + message);
    System.exit(code);
  }

  private static Optional<String> variable(Setting setting) {
    return Optional.ofNullable(System.getenv(setting.variable())).filter(v -> !v.isBlank());
  }

  private void option(String option, String value) {
    switch (option) {
      case "--environment" -> environment = Optional.of(value);
      case "--version" -> version = Optional.of(value);
      case "--receipts" -> receipts = Optional.of(Path.of(value));
      case "--listen" -> listen(value);
      case "--peer" -> peer(value);
      default -> throw new IllegalArgumentException(option + ": there is no such option");
    }
  }

  private void listen(String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 0 || !value.substring(colon + 1).matches("\\d{1,5}")) {
      throw new IllegalArgumentException("--listen: expected HOST:PORT, found " + value);
    }
    host = value.substring(0, colon);
    port = Integer.parseInt(value.substring(colon + 1));
  }

  private void peer(String value) {
    int equals = value.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("--peer: expected NAME=URL, found " + value);
    }
    peers.put(value.substring(0, equals), URI.create(value.substring(equals + 1)));
  }

  private void run() throws IOException {
    Program.Factory program =
        Programs.find(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "\"" + name + "\": expected one of " + Programs.NAMES));
    ComponentLogs.quietenLibraries();
    Component component = new Component(config(), program);
    Runtime.getRuntime().addShutdownHook(new Thread(component::close, "close-" + name));
    component.start();
    System.out.println("ready " + component.url());
    if (untilInputEnds) {
      System.in.transferTo(OutputStream.nullOutputStream());
      component.close();
      System.exit(0);
    }
  }

  private ComponentConfig config() {
    String where = environment.orElse("dev");
    ComponentConfig config =
        ComponentConfig.of(
                name,
                where,
                version.orElseGet(() -> Programs.version(name, where)),
                AuditConfig.fromEnvironment())
            .withPeers(peers)
            .withListen(host, port);
    return receipts.map(config::withReceipts).orElse(config);
  }
}
