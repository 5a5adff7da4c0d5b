package dev.starling.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntFunction;

/** Where clients are taken. */
public sealed interface Upstream {
  /**
   * Data centres that speak obfuscated2 without a secret: Telegram's, or a Starling server's own
   * port.
   *
   * @param addresses of each data centre's number as an obfuscated2 header has it, best first
   */
  record Direct(IntFunction<List<InetSocketAddress>> addresses) implements Upstream {}

  /** Telegram's. */
  static Upstream telegram() {
    return new Direct(DataCentres::addresses);
  }

  /** One address for all, whatever data centre a client asks for. */
  static Upstream at(InetSocketAddress address) {
    return new Direct(_ -> List.of(address));
  }
}
