package dev.bitacora.agent.servlet;

import dev.bitacora.core.event.EventCheck;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks whose {@code X-Forwarded-For} is believed. Nobody else's is: a client could write there
 * what it likes. Immutable.
 */
final class TrustedProxies {
  private final List<Network> networks;

  private TrustedProxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * The networks in CIDR form, {@code 10.0.0.0/8}, or single addresses.
   *
   * @throws IllegalArgumentException naming the one that is none
   */
  static TrustedProxies of(List<String> networks) {
    List<Network> parsed = new ArrayList<>();
    networks.forEach(text -> parsed.add(Network.parse(text.strip())));
    return new TrustedProxies(parsed);
  }

  /**
   * The client's address: the peer, or behind trusted peers the last address of the header that is
   * not a trusted one.
   */
  String clientAddress(String peer, List<String> forwardedFor) {
    String client = peer;
    for (int i = forwardedFor.size() - 1; i >= 0 && isTrusted(client); i--) {
      String next = withoutPort(forwardedFor.get(i).strip());
      if (!EventCheck.isAddress(next)) {
        return client;
      }
      client = next;
    }
    return client;
  }

  private boolean isTrusted(String address) {
    return EventCheck.isAddress(address)
        && networks.stream().anyMatch(network -> network.contains(bytes(address)));
  }

  /** Some proxies write {@code 203.0.113.9:4711} or {@code [2001:db8::1]:4711}. */
  private static String withoutPort(String address) {
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      return end < 0 ? address : address.substring(1, end);
    }
    int colon = address.indexOf(':');
    boolean isV4WithPort = colon >= 0 && colon == address.lastIndexOf(':');
    return isV4WithPort ? address.substring(0, colon) : address;
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(address + ": expected an IP address", impossible);
    }
  }

  /** The first bits of an address. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Network(byte[] address, int prefix) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      String address = slash < 0 ? text : text.substring(0, slash);
      if (!EventCheck.isAddress(address)) {
        throw wrong(text);
      }
      byte[] bytes = bytes(address);
      return new Network(
          bytes, slash < 0 ? bytes.length * 8 : prefix(text, slash, bytes.length * 8));
    }

    private static int prefix(String text, int slash, int longest) {
      String digits = text.substring(slash + 1);
      if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > longest) {
        throw wrong(text);
      }
      return Integer.parseInt(digits);
    }

    private static IllegalArgumentException wrong(String text) {
      return new IllegalArgumentException(
          "trusted proxies: expected a network such as 10.0.0.0/8, found \"" + text + "\"");
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
