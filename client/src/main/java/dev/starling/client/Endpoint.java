package dev.starling.client;

import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import org.jspecify.annotations.Nullable;

/**
 * Where a service, or a proxy to it, is reached.
 *
 * @param port 1 to 65535
 * @param dc the data centre meant: +10000 = test, negative = media
 * @param secret of the proxy address; without one the connection is plain intermediate
 */
public record Endpoint(String host, int port, int dc, @Nullable ProxySecret secret) {
  private static final int PORT_MAX = 65535;

  public Endpoint {
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("a port is 1 to " + PORT_MAX + ", not " + port);
    }
  }

  /** "dd: padded intermediate and nothing else". */
  Framing framing() {
    return secret != null && secret.kind() == ProxySecret.Kind.PADDED
        ? Framing.PADDED_INTERMEDIATE
        : Framing.INTERMEDIATE;
  }

  /** The address alone, as people write it. */
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
