/**
 * The MTProto proxy: useful alone to any Telegram user, and the front of a Starling service.
 *
 * <p><b>Way of a connection.</b> {@link dev.starling.proxy.ProxyServer} accepts it, {@code
 * Reception} (a machine without sockets) finds out by its first bytes whose it is, {@code
 * ClientSocket} then joins it by the {@code Relay} either to its upstream or, if it is nobody's, to
 * the origin: the web site that the proxy stands before, which answers for itself.
 *
 * <p>Nothing here writes an address of a client anywhere.
 */
@NullMarked
package dev.starling.proxy;

import org.jspecify.annotations.NullMarked;
