package dev.bitacora.cli.service;

import dev.bitacora.core.config.InvalidConfigurationException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Where a web port listens.
 *
 * @param port 0 takes a free one
 */
public record ListenAddress(String host, int port) {
  /** Reads {@code host:port}, {@code [v6]:port} or {@code port}. */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 0 && port <= 65535 && !host.isEmpty()) {
        return new ListenAddress(host, port);
      }
    } catch (NumberFormatException e) {
      // reported below, like a number that is no port
    }
    throw new InvalidConfigurationException(
        List.of("listen: expected host:port, 127.0.0.1:7070, found \"" + text + "\""));
  }

  /** True when only this machine can connect. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
