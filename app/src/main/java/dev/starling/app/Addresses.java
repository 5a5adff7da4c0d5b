package dev.starling.app;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Addresses as people write them. */
final class Addresses {
  private Addresses() {}

  /** Digits only; of IPv6 as RFC 5952 has it: "the longest run of zeros must be shortened". */
  static String text(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < bytes.length; i += 2) {
      groups.add(Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)));
    }
    int from = 0;
    int length = 0;
    for (int i = 0; i < groups.size(); i++) {
      int end = i;
      while (end < groups.size() && groups.get(end).equals("0")) {
        end++;
      }
      if (end - i > length) {
        from = i;
        length = end - i;
      }
    }
    if (length < 2) {
      return String.join(":", groups);
    }
    return String.join(":", groups.subList(0, from))
        + "::"
        + String.join(":", groups.subList(from + length, groups.size()));
  }

  /** With the port, and brackets where the address has colons. */
  static String text(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String text = text(host);
    return (host instanceof Inet6Address ? "[" + text + "]" : text) + ":" + address.getPort();
  }
}
