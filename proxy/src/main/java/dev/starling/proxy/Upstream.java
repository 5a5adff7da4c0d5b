package dev.starling.proxy;

import dev.starling.mtproto.ProxySecret;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Where clients are taken. */
public sealed interface Upstream {
  /**
   * Data centres that speak obfuscated2 without a secret: Telegram's, or a Starling server's own
   * port.
   *
   * @param addresses of each data centre's number as an obfuscated2 header has it, best first
   */
  record Direct(IntFunction<List<InetSocketAddress>> addresses) implements Upstream {}

  /**
   * A Starling service, by links of this front: the client's stream goes on untouched, in the
   * records of a fake TLS connection under the front's own secret.
   *
   * @param addresses of the service's gateways, best first; asked for each client, so it must not
   *     wait
   * @param secret of the links, for fake TLS
   */
  record Link(Supplier<List<InetSocketAddress>> addresses, ProxySecret secret) implements Upstream {
    public Link {
      if (!secret.isForTls()) {
        throw new IllegalArgumentException("a link's secret is one for fake TLS");
      }
    }
  }

  /** Telegram's. */
  static Upstream telegram() {
    return new Direct(DataCentres::addresses);
  }

  /** One address for all, whatever data centre a client asks for. */
  static Upstream at(InetSocketAddress address) {
    return new Direct(_ -> List.of(address));
  }
}
