package dev.bitacora.viewer.web;

import dev.bitacora.core.event.EventCheck;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** What a request really is, where proxies stand between: their word counts if they are trusted. */
final class Proxies {
  private final List<Network> trusted;
  private final boolean hasTls;

  Proxies(List<Network> trusted, boolean hasTls) {
    this.trusted = trusted;
    this.hasTls = hasTls;
  }

  String peer(Context ctx) {
    return plain(ctx.req().getRemoteAddr());
  }

  /** The client: the last address of the chain that is no trusted proxy. */
  String client(Context ctx) {
    String client = peer(ctx);
    String header = ctx.header("X-Forwarded-For");
    if (header == null) {
      return client;
    }
    String[] chain = header.split(",", -1);
    for (int i = chain.length - 1; i >= 0 && isTrusted(client); i--) {
      String address = plain(chain[i].trim());
      if (!EventCheck.isAddress(address)) {
        break;
      }
      client = address;
    }
    return client;
  }

  boolean isSecure(Context ctx) {
    return hasTls
        || forwarded(ctx, "X-Forwarded-Proto").filter("https"::equalsIgnoreCase).isPresent();
  }

  /** The origin under which browsers know this service. */
  String origin(Context ctx) {
    String host =
        forwarded(ctx, "X-Forwarded-Host").orElse(Optional.ofNullable(ctx.host()).orElse(""));
    return (isSecure(ctx) ? "https://" : "http://") + host;
  }

  private Optional<String> forwarded(Context ctx, String header) {
    return isTrusted(peer(ctx)) ? Optional.ofNullable(ctx.header(header)) : Optional.empty();
  }

  private boolean isTrusted(String address) {
    return trusted.stream().anyMatch(network -> network.contains(address));
  }

  private static String plain(String address) {
    return address.startsWith("[") && address.endsWith("]")
        ? address.substring(1, address.length() - 1)
        : address;
  }
}
