package dev.starling.proxy;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a proxy is.
 *
 * @param listen where clients are awaited; port 0 is any free one
 * @param origin the web site that it stands before; its name is looked up when it is dialled
 * @param undisguised whether plain and {@code dd} links are served beside {@code ee}
 * @param connections open at once
 * @param eventLoops threads for sockets, 1 to 64
 */
public record ProxySettings(
    List<InetSocketAddress> listen,
    InetSocketAddress origin,
    boolean undisguised,
    int connections,
    int eventLoops) {
  public ProxySettings {
    listen = List.copyOf(listen);
  }
}
