package dev.starling.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where to listen: {@code 127.0.0.1:2018}, {@code [::1]:2018}; port 0 is any free one. */
final class Listen {
  private Listen() {}

  /**
   * Reads an address with its port.
   *
   * @throws IllegalArgumentException if it is none in digits
   */
  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    return new InetSocketAddress(parseAddress(text.substring(0, Math.max(colon, 0))), port);
  }

  /** An address in digits: a name would be asked of somebody else's server, and may change. */
  static InetAddress parseAddress(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    return InetAddress.ofLiteral(bracketed ? text.substring(1, text.length() - 1) : text);
  }

  /** Why an address cannot be listened on, and what to do. */
  static Problem failure(String flag, InetSocketAddress address, IOException e) {
    String reason = String.valueOf(e.getMessage());
    String where = Addresses.text(address);
    if (reason.contains("in use")) {
      return new Problem(
          "another program listens on %s: stop it, or choose another port by %s (port 0 is any free one)"
              .formatted(where, flag),
          e);
    }
    if (reason.contains("Permission denied")) {
      return new Problem(
          "no permission to listen on %s: ports below 1024 need the capability CAP_NET_BIND_SERVICE, or choose another by %s"
              .formatted(where, flag),
          e);
    }
    if (reason.contains("Cannot assign")) {
      return new Problem(
          "%s is no address of this machine: listen on one of its own, and tell clients the other by --announce"
              .formatted(where),
          e);
    }
    return new Problem(
        "cannot listen on %s (%s): choose another address by %s".formatted(where, reason, flag), e);
  }
}
