package dev.starling.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a proxy is.
 *
 * @param listen where clients are awaited; port 0 is any free one
 * @param origin where the web site is that it stands before, best address first; asked for each
 *     dial, so it must not wait; empty while nobody knows
 * @param undisguised whether plain and {@code dd} links are served beside {@code ee}
 * @param connections open at once
 * @param eventLoops threads for sockets, 1 to 64
 */
public record ProxySettings(
    List<InetSocketAddress> listen,
    Supplier<List<InetSocketAddress>> origin,
    boolean undisguised,
    int connections,
    int eventLoops) {
  public ProxySettings {
    listen = List.copyOf(listen);
  }
}
