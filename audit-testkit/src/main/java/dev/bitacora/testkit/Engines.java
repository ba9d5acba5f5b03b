package dev.bitacora.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs real servers for another process: {@code java -cp audit-testkit.jar
 * dev.bitacora.testkit.Engines kafka,elasticsearch --engines-dir target/engines}. Prints {@code
 * kafka=127.0.0.1:21213} and {@code elasticsearch=http://127.0.0.1:14567}, each when it is ready,
 * then {@code ready}. Stops them when standard input ends; they die with it however it ends. Exit
 * codes: 0 good, 2 a server could not be started, 3 wrong usage.
 */
public final class Engines {
  private static final String USAGE =
      "usage: Engines kafka|elasticsearch|kafka,elasticsearch --engines-dir FOLDER";

  private Engines() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3 || !arguments[1].equals("--engines-dir")) {
      System.err.println(USAGE);
      System.exit(3);
    }
    List<String> names = List.of(arguments[0].split(","));
    if (!List.of("kafka", "elasticsearch").containsAll(names)) {
      System.err.println(USAGE);
      System.exit(3);
    }
    System.exit(run(names, new EngineFiles(Path.of(arguments[2])), System.in));
  }

  private static int run(List<String> names, EngineFiles files, InputStream untilItEnds)
      throws IOException {
    List<CompletableFuture<RealServer>> servers =
        names.stream().map(name -> CompletableFuture.supplyAsync(starting(name, files))).toList();
    try {
      servers.forEach(CompletableFuture::join);
      System.out.println("ready");
      untilItEnds.transferTo(java.io.OutputStream.nullOutputStream());
      return 0;
    } catch (CompletionException e) {
      System.err.println(e.getCause().getMessage());
      return 2;
    } finally {
      servers.stream()
          .filter(server -> !server.isCompletedExceptionally())
          .forEach(server -> server.join().close());
    }
  }

  private static Supplier<RealServer> starting(String name, EngineFiles files) {
    return name.equals("kafka") ? () -> kafka(files) : () -> elasticsearch(files);
  }

  private static RealServer kafka(EngineFiles files) {
    KafkaBroker broker = KafkaBroker.start(files);
    System.out.println("kafka=" + broker.bootstrapServers());
    return broker;
  }

  private static RealServer elasticsearch(EngineFiles files) {
    ElasticsearchNode node = ElasticsearchNode.start(files, ElasticsearchOptions.plain());
    System.out.println("elasticsearch=" + node.url());
    return node;
  }
}
