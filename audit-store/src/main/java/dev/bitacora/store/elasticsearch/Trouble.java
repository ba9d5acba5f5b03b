package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.transport.TransportException;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;

/**
 * What a failed request or a refused document means: how a writer reacts, and a sentence that says
 * what was seen and what to do. Sentences quote types of errors and names of fields, never what
 * Elasticsearch says about values, which are somebody's data.
 */
record Trouble(Status status, String sentence) {
  private static final String UNKNOWN = "no reason given";
  private static final Pattern FIELD = Pattern.compile("field \\[([\\w.@]+)\\]");
  private static final Pattern LIMIT =
      Pattern.compile("Limit of |[Nn]umber of documents|maximum (normal )?shards");

  /** Of a request as a whole. */
  static Trouble of(ElasticsearchConfig config, Throwable failure) {
    String where = "Elasticsearch at " + config.where();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Optional<Trouble> known = known(where, config, cause);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return new Trouble(
        Status.TRANSIENT,
        where + " gave no usable answer (" + failure.getClass().getSimpleName() + ")");
  }

  /**
   * Of one document of a bulk.
   *
   * @param error the error's type; empty when none is given
   * @param reason likewise
   */
  static Trouble ofItem(int status, String error, String reason) {
    String type = error.isEmpty() ? UNKNOWN : error;
    return new Trouble(itemStatus(status, type, reason), describe(status, type, reason));
  }

  WriteResult result() {
    return new WriteResult(status, sentence);
  }

  private static Optional<Trouble> known(
      String where, ElasticsearchConfig config, Throwable cause) {
    if (cause instanceof ElasticsearchException e) {
      return Optional.of(answered(where, config, e.status(), typeOf(e.error())));
    } else if (cause instanceof ResponseException e) {
      return Optional.of(
          answered(
              where,
              config,
              e.getResponse().getStatusLine().getStatusCode(),
              typeIn(e.getResponse())));
    } else if (cause instanceof TransportException e && e.statusCode() >= 300) {
      return Optional.of(answered(where, config, e.statusCode(), UNKNOWN));
    } else if (cause instanceof SSLException) {
      return Optional.of(new Trouble(Status.ENVIRONMENT, where + untrusted(config)));
    } else if (cause instanceof UnknownHostException) {
      return Optional.of(
          new Trouble(
              Status.TRANSIENT, where + " has a name that cannot be resolved; correct the URL"));
    } else if (cause instanceof ConnectException) {
      return Optional.of(
          new Trouble(
              Status.TRANSIENT, where + " cannot be reached; start it, or correct the URL"));
    } else if (cause instanceof SocketTimeoutException) {
      return Optional.of(
          new Trouble(
              Status.TRANSIENT, where + " did not answer in time; see whether it is overloaded"));
    }
    return Optional.empty();
  }

  private static String untrusted(ElasticsearchConfig config) {
    return config
            .caFile()
            .map(file -> " has a certificate that the CA file " + file + " does not vouch for")
            .orElse(" has a certificate that no authority known to this JVM vouches for")
        + "; give the PEM file of the authority that signed it";
  }

  private static Trouble answered(
      String where, ElasticsearchConfig config, int status, String type) {
    return switch (status) {
      case 401 ->
          new Trouble(
              Status.ENVIRONMENT,
              where
                  + (config.authorization().isPresent()
                      ? " refuses the password or key (401); correct the credentials"
                      : " wants a user (401); configure a user and password or an API key"));
      case 403 ->
          type.equals("cluster_block_exception")
              ? new Trouble(Status.TRANSIENT, where + " blocks the index (403 " + type + ")")
              : new Trouble(
                  Status.ENVIRONMENT,
                  where
                      + " forbids this user what was asked (403 "
                      + type
                      + "); give the user the roles that setup installs");
      case 413 ->
          new Trouble(Status.TOO_LARGE, where + " or a proxy refuses so large a request (413)");
      case 404 -> new Trouble(Status.TRANSIENT, where + " has no such index (404 " + type + ")");
      case 429 -> new Trouble(Status.OVERLOADED, where + " is overloaded (429 " + type + ")");
      case 400 ->
          type.equals(UNKNOWN)
              // Somebody else's refusal must not make dead letters of good events.
              ? new Trouble(
                  Status.TRANSIENT,
                  where + " refuses the request (400) without its own words; is a proxy between?")
              : new Trouble(Status.SUSPECT, where + " refuses the request (400 " + type + ")");
      default -> new Trouble(Status.TRANSIENT, where + " answers " + status + " (" + type + ")");
    };
  }

  /** The innermost is the telling one: a search "failed" because a query "cannot be created". */
  private static String typeOf(ErrorCause error) {
    if (error == null || error.type() == null) {
      return UNKNOWN;
    }
    return error.rootCause().isEmpty() ? error.type() : typeOf(error.rootCause().get(0));
  }

  private static String typeIn(Response response) {
    try {
      byte[] body = response.getEntity().getContent().readAllBytes();
      return JsonTree.readObject(body).get("error") instanceof Map<?, ?> error
              && error.get("type") instanceof String type
          ? type
          : UNKNOWN;
    } catch (IOException | MalformedJsonException notElasticsearchs) {
      return UNKNOWN;
    }
  }

  private static Status itemStatus(int status, String type, String reason) {
    if (status == 401 || (status == 403 && !type.equals("cluster_block_exception"))) {
      return Status.ENVIRONMENT;
    }
    if (status == 413) {
      return Status.TOO_LARGE;
    }
    if (status == 429) {
      return Status.OVERLOADED;
    }
    if (status == 400 && !type.equals("index_closed_exception")) {
      return LIMIT.matcher(reason).find() ? Status.ENVIRONMENT : Status.SUSPECT;
    }
    return Status.TRANSIENT;
  }

  private static String describe(int status, String type, String reason) {
    Matcher field = FIELD.matcher(reason);
    return "Elasticsearch answers "
        + status
        + " ("
        + type
        + (field.find() ? ", field " + field.group(1) : "")
        + ")";
  }

  /** For readers, who get an answer or an exception. */
  static StoreException unanswered(String tried, ElasticsearchConfig config, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return new StoreException.TimedOut(tried + ": " + of(config, failure).sentence());
      }
    }
    return new StoreException(tried + ": " + of(config, failure).sentence(), failure);
  }
}
