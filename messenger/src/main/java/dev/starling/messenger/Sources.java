package dev.starling.messenger;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who has how many connections, so that no source takes all: one is an IPv4 address, or the network
 * part of an IPv6 address, of which every customer has 2^64. A connection is silent until it has
 * proved an auth key. Thread-safe; it remembers nobody without a connection.
 */
final class Sources {
  private static final int NETWORK_BYTES = 8;

  private static final class Count {
    private int open;
    private int silent;
  }

  private final GatewayLimits limits;
  private final Map<Object, Count> counts = new HashMap<>();
  private final AtomicInteger silent = new AtomicInteger();

  Sources(GatewayLimits limits) {
    this.limits = limits;
  }

  /** Whom the peer shares its budget with. */
  static Object of(@Nullable SocketAddress address) {
    long source = 0;
    if (address instanceof InetSocketAddress internet && internet.getAddress() != null) {
      InetAddress host = internet.getAddress();
      byte[] bytes = host.getAddress();
      for (int i = 0; i < Math.min(bytes.length, NETWORK_BYTES); i++) {
        source = (source << 8) | (bytes[i] & 0xff);
      }
    }
    return source;
  }

  /** A connection comes, silent at first; false when its source has enough of them. */
  synchronized boolean enter(Object source) {
    Count count = counts.computeIfAbsent(source, _ -> new Count());
    if (count.open >= limits.connectionsOfSource() || count.silent >= limits.silentOfSource()) {
      return false; // it has some, so the count stays
    }
    count.open++;
    count.silent++;
    silent.incrementAndGet();
    return true;
  }

  /** One that was silent has proved an auth key. */
  synchronized void spoke(Object source) {
    Count count = counts.get(source);
    if (count != null) {
      count.silent--;
      silent.decrementAndGet();
    }
  }

  synchronized void left(Object source, boolean wasSilent) {
    if (wasSilent) {
      spoke(source);
    }
    Count count = counts.get(source);
    if (count != null && --count.open == 0) {
      counts.remove(source);
    }
  }

  /** Whether so many are silent that each shall speak soon or go. */
  boolean areCrowded() {
    return silent.get() > limits.silentUncrowded();
  }
}
