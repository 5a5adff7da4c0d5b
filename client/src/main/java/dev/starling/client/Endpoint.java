package dev.starling.client;

import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.Greeting;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.TlsGreeting;
import dev.starling.mtproto.WebSocketGreeting;
import org.jspecify.annotations.Nullable;

/**
 * Where a service, or a proxy to it, is reached.
 *
 * @param port 1 to 65535
 * @param dc the data centre meant: +10000 = test, negative = media
 * @param secret of the proxy address, or null
 * @param transport where there is no secret; with one, its kind decides
 */
public record Endpoint(
    String host, int port, int dc, @Nullable ProxySecret secret, Transport transport) {
  private static final int PORT_MAX = 65535;

  /** How a connection without a secret is made. */
  public enum Transport {
    INTERMEDIATE,
    ABRIDGED,
    FULL,
    /** obfuscated2 with abridged framing, in a WebSocket at {@code /apiws}. */
    WEB_SOCKET
  }

  public Endpoint {
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("a port is 1 to " + PORT_MAX + ", not " + port);
    }
  }

  /** One of plain intermediate, or of what its secret wants. */
  public Endpoint(String host, int port, int dc, @Nullable ProxySecret secret) {
    this(host, port, dc, secret, Transport.INTERMEDIATE);
  }

  /** What is said before the transport begins; null where nothing is. */
  @Nullable Greeting greeting(Env env) {
    if (secret != null) {
      return secret.isForTls() ? new TlsGreeting(secret, secret.domain(), env) : null;
    }
    return transport == Transport.WEB_SOCKET
        ? new WebSocketGreeting(address(), "/apiws", env.random())
        : null;
  }

  ClientTransport newTransport(Env env) {
    if (secret == null && transport == Transport.WEB_SOCKET) {
      return ClientTransport.inWebSocket(Framing.ABRIDGED, dc, env.random());
    }
    return new ClientTransport(framing(), secret != null, secret, dc, env.random());
  }

  /** "dd, and ee: padded intermediate and nothing else". */
  private Framing framing() {
    if (secret != null) {
      return secret.kind() == ProxySecret.Kind.PLAIN
          ? Framing.INTERMEDIATE
          : Framing.PADDED_INTERMEDIATE;
    }
    return switch (transport) {
      case ABRIDGED, WEB_SOCKET -> Framing.ABRIDGED;
      case FULL -> Framing.FULL;
      case INTERMEDIATE -> Framing.INTERMEDIATE;
    };
  }

  /** The address alone, as people write it. */
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
