package dev.bitacora.examples.batch;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.core.event.Actions;
import dev.bitacora.examples.component.Program;
import dev.bitacora.examples.component.Workbench;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.Call;
import dev.bitacora.examples.web.RefusedException;
import dev.bitacora.examples.web.Routes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Collects rows, one JSON value a line, and writes them as a {@link StructuredFile}. Both stream:
 * 400 MB pass through a heap of 128 MB. Everything is in a temporary directory and goes with the
 * component; the last file of a batch stays until then.
 */
public final class BatchProgram implements Program {
  private final AuditLog audit;
  private final Logger log;
  private final Path directory;

  public BatchProgram(Workbench workbench) {
    audit = workbench.audit();
    log = workbench.log();
    try {
      directory = Files.createTempDirectory("bitacora-batch-");
    } catch (IOException e) {
      throw new UncheckedIOException("batch: no temporary directory", e);
    }
  }

  @Override
  public void serve(Routes routes) {
    routes.post("/batches/{name}/rows", this::collect).post("/batches/{name}/file", this::write);
  }

  private Answer collect(Call call) throws RefusedException, IOException {
    Path input = path(call, ".input");
    long before = Files.exists(input) ? Files.size(input) : 0;
    try (OutputStream out =
        Files.newOutputStream(input, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      call.body().transferTo(out);
    }
    long bytes = Files.size(input) - before;
    log.info("batch {}: {} bytes collected", call.path("name"), bytes);
    return Answer.ok(Map.of("bytes", bytes));
  }

  private Answer write(Call call) throws RefusedException, IOException {
    String name = call.path("name");
    Path input = path(call, ".input");
    if (!Files.exists(input)) {
      audit.event("batch.write").target("batch", name).failure("nothing was collected").record();
      throw new RefusedException(409, "nothing was collected for " + name);
    }
    StructuredFile.Written written =
        StructuredFile.write(name, Files.newBufferedReader(input), path(call, ".json"));
    Files.delete(input);
    audit
        .event(Actions.UPLOAD_COMPLETE)
        .target("batch", name)
        .detail("rows", written.rows())
        .detail("bytes", written.bytes())
        .detail("sha256", written.sha256())
        .success()
        .record();
    log.info("batch {}: {} rows in {} bytes", name, written.rows(), written.bytes());
    return Answer.ok(
        Map.of("rows", written.rows(), "bytes", written.bytes(), "sha256", written.sha256()));
  }

  private Path path(Call call, String suffix) throws RefusedException {
    String name = call.path("name");
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new RefusedException(400, "a batch's name is of letters, digits, _ and -");
    }
    return directory.resolve(name + suffix);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      log.warn("{} could not be removed", directory, e);
    }
  }
}
