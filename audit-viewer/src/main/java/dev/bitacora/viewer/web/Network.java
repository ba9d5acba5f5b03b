package dev.bitacora.viewer.web;

import dev.bitacora.core.event.EventCheck;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** An IP address, or a network such as {@code 10.0.0.0/8}. */
public final class Network {
  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Reads an address or a network.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (EventCheck.isAddress(address)) {
      byte[] bytes = bytes(address);
      int bits = slash < 0 ? bytes.length * 8 : prefix(text.substring(slash + 1));
      if (bits >= 0 && bits <= bytes.length * 8) {
        return new Network(bytes, bits);
      }
    }
    throw new IllegalArgumentException(
        "trusted proxies: expected an IP address or a network such as 10.0.0.0/8, found \""
            + text
            + "\"");
  }

  private static int prefix(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + address, e);
    }
  }

  boolean contains(String other) {
    if (!EventCheck.isAddress(other)) {
      return false;
    }
    byte[] bytes = bytes(other);
    if (bytes.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((bytes[bit / 8] & mask) != (address[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
