package dev.starling.app;

import dev.starling.mtproto.ProxySecret;
import dev.starling.proxy.User;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The links that let somebody in.
 *
 * @param address what clients are told
 */
record ProxyLinks(InetSocketAddress address) {
  /** Where clients find a proxy that listens at {@code bound}. */
  static ProxyLinks of(Configuration configuration, InetSocketAddress bound) {
    InetAddress told =
        configuration
            .get(ProxyKeys.ANNOUNCE)
            .orElseGet(
                () ->
                    bound.getAddress().isAnyLocalAddress()
                        ? ownAddress().orElse(InetAddress.getLoopbackAddress())
                        : bound.getAddress());
    return new ProxyLinks(new InetSocketAddress(told, bound.getPort()));
  }

  /** The address by which others most likely reach this machine: a public one before others. */
  private static Optional<InetAddress> ownAddress() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .filter(address -> address instanceof Inet4Address)
          .min(Comparator.comparing(InetAddress::isSiteLocalAddress));
    } catch (SocketException _) {
      return Optional.empty();
    }
  }

  /** {@code tg://proxy?...}, which clients open. */
  String tg(ProxySecret secret) {
    return "tg://proxy?" + query(secret);
  }

  /** The same for a browser, which hands it to a client. */
  String web(ProxySecret secret) {
    return "https://t.me/proxy?" + query(secret);
  }

  private String query(ProxySecret secret) {
    return "server=%s&port=%d&secret=%s"
        .formatted(Addresses.text(address.getAddress()), address.getPort(), secret.format());
  }

  /** The kinds of links that a user has. */
  static Stream<ProxySecret> secrets(User user, boolean undisguised) {
    return undisguised
        ? Stream.of(
            user.secret(ProxySecret.Kind.FAKE_TLS),
            user.secret(ProxySecret.Kind.PADDED),
            user.secret(ProxySecret.Kind.PLAIN))
        : Stream.of(user.secret(ProxySecret.Kind.FAKE_TLS));
  }
}
