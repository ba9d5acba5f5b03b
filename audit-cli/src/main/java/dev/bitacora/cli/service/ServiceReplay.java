package dev.bitacora.cli.service;

import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.http.ReplayHandler;
import dev.bitacora.collector.replay.ReplayCounts;
import dev.bitacora.collector.replay.ReplaySelection;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.FileStateStore;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.NewToken;
import dev.bitacora.viewer.access.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Asks the service that holds a data directory to replay its dead letters. Whoever can write to the
 * directory is its administrator: the request carries a token that is made for it there and expires
 * in a minute.
 */
final class ServiceReplay {
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(1);

  private final DataDirectory data;
  private final Configuration configuration;

  ServiceReplay(DataDirectory data, Configuration configuration) {
    this.data = data;
    this.configuration = configuration;
  }

  /**
   * Returns when it is over.
   *
   * @throws StoreException when it can not be asked, or stops before its end; saying what to do
   */
  ReplayCounts run(ReplaySelection selection, Consumer<ReplayCounts> progress) {
    URI service =
        data.url()
            .orElseThrow(
                () ->
                    new StoreException(
                        data.root() + " is in use, but by no service that listens; stop it first"));
    try {
      HttpResponse<Stream<String>> response =
          TrustedHttp.client(configuration)
              .send(request(service, selection), HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        return response.statusCode() == 200
            ? follow(lines.iterator(), progress)
            : refused(service, response.statusCode(), lines.findFirst());
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new StoreException(
          "no answer from the service at "
              + service
              + " that uses "
              + data.root()
              + " ("
              + e
              + "); what was replayed stays so: run the same again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while the service replays", e);
    }
  }

  private HttpRequest request(URI service, ReplaySelection selection) {
    URI address = URI.create(service.toString().replaceAll("/+$", "") + ReplayHandler.PATH);
    return HttpRequest.newBuilder(address)
        .header("Authorization", "Bearer " + token())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(JsonWriter.toBytes(body(selection))))
        .build();
  }

  private String token() {
    FileStateStore state = new FileStateStore(data.state());
    state.start();
    return Access.of(state)
        .createToken(
            new NewToken(
                Role.ADMIN, "dlq replay", Query.ALL, Optional.of(Instant.now().plus(TOKEN_LIFE))));
  }

  private static Map<String, Object> body(ReplaySelection selection) {
    Map<String, Object> body = new LinkedHashMap<>();
    selection.reason().map(DeadLetterReason::text).ifPresent(text -> body.put("reason", text));
    if (!selection.ids().isEmpty()) {
      body.put("ids", selection.ids().stream().map(DeadLetterId::text).toList());
    }
    body.put("all", body.isEmpty());
    return body;
  }

  private static ReplayCounts follow(Iterator<String> lines, Consumer<ReplayCounts> progress) {
    while (lines.hasNext()) {
      Map<String, Object> line = read(lines.next());
      String end = String.valueOf(line.getOrDefault("end", ""));
      if (end.equals(ReplayHandler.DONE)) {
        return counts(line);
      }
      if (!end.isEmpty()) {
        throw new StoreException(end);
      }
      progress.accept(counts(line));
    }
    throw new StoreException(
        "the service ended in the middle of the replay; what was replayed stays so: run the same"
            + " again");
  }

  private static ReplayCounts counts(Map<String, Object> line) {
    return new ReplayCounts(
        number(line, "read"),
        number(line, "stored"),
        number(line, "duplicates"),
        number(line, "parked_again"),
        number(line, "exhausted"),
        number(line, "closed"));
  }

  private static long number(Map<String, Object> line, String name) {
    return line.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static Map<String, Object> read(String line) {
    try {
      return JsonTree.readObject(line.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJsonException e) {
      throw new StoreException("the service answered no JSON; is it Bitácora?", e);
    }
  }

  private static ReplayCounts refused(URI service, int status, Optional<String> body) {
    String detail =
        body.map(text -> text.length() > 300 ? text.substring(0, 300) : text).orElse("");
    throw new StoreException(
        "the service at " + service + " answered " + status + " to a replay: " + detail);
  }
}
