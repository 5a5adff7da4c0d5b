package dev.starling.app;

import dev.starling.messenger.FrontAddresses;
import dev.starling.tl.api.DcOption;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The one address of a server without fronts; known once it listens. */
final class OwnAddress implements FrontAddresses {
  private final CompletableFuture<InetSocketAddress> announced = new CompletableFuture<>();

  void announce(InetSocketAddress address) {
    announced.complete(address);
  }

  @Override
  public List<DcOption> optionsFor(long accountId, int dc) {
    InetSocketAddress address = announced.join();
    boolean ipv6 = address.getAddress() instanceof Inet6Address;
    return List.of(
        DcOption.of(dc, address.getAddress().getHostAddress(), address.getPort())
            .withIpv6(ipv6)
            .withThisPortOnly(true));
  }
}
