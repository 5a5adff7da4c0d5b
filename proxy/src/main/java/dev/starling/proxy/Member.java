package dev.starling.proxy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A user as the running proxy knows them: what they use, and whether they may more. */
final class Member {
  private final LongAdder up = new LongAdder();
  private final LongAdder down = new LongAdder();
  private final LongAdder connectionsEver = new LongAdder();
  private final Set<Runnable> closers = ConcurrentHashMap.newKeySet();
  private final Map<InetAddress, Integer> addresses = new HashMap<>();
  private volatile User user;
  private volatile boolean revoked;
  private int connections;
  private long bytesBefore;
  private @Nullable Instant periodStart;

  Member(User user) {
    this.user = user;
  }

  User user() {
    return user;
  }

  /** Their limits are others from now on. */
  void change(User changed) {
    user = changed;
  }

  /**
   * A connection comes; whoever is let in leaves by {@link #leave}.
   *
   * @return why not, null if it may
   */
  synchronized @Nullable String enter(InetAddress address, Instant now) {
    UserLimits limits = user.limits();
    if (revoked) {
      return "revoked";
    }
    if (user.hasExpired(now)) {
      return "expired";
    }
    if (limits.connections() > 0 && connections >= limits.connections()) {
      return "connections";
    }
    if (limits.addresses() > 0
        && !addresses.containsKey(address)
        && addresses.size() >= limits.addresses()) {
      return "addresses";
    }
    if (!hasBytesLeft(now)) {
      return "bytes";
    }
    connections++;
    connectionsEver.increment();
    addresses.merge(address, 1, Integer::sum);
    return null;
  }

  synchronized void leave(InetAddress address) {
    connections--;
    addresses.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Whether they may go on, as far as bytes and time go. */
  synchronized boolean mayGoOn(Instant now) {
    return !user.hasExpired(now) && hasBytesLeft(now);
  }

  private boolean hasBytesLeft(Instant now) {
    UserLimits limits = user.limits();
    if (limits.bytes() == 0) {
      return true;
    }
    if (periodStart == null) {
      periodStart = now;
    }
    if (limits.periodDays() > 0
        && !now.isBefore(periodStart.plus(Duration.ofDays(limits.periodDays())))) {
      periodStart = now;
      bytesBefore = bytes();
    }
    return bytes() - bytesBefore < limits.bytes();
  }

  /** Both ways, since the start. */
  long bytes() {
    return up.sum() + down.sum();
  }

  void countUp(long bytes) {
    up.add(bytes);
  }

  void countDown(long bytes) {
    down.add(bytes);
  }

  /** Called with what ends a connection, when it begins. */
  void opened(Runnable closer) {
    closers.add(closer);
    if (revoked) {
      closer.run();
    }
  }

  void closed(Runnable closer) {
    closers.remove(closer);
  }

  /**
   * Lets nobody in by this secret any more.
   *
   * @param drop whether those who are in are cut off, too
   */
  void revoke(boolean drop) {
    synchronized (this) {
      revoked = true;
    }
    if (drop) {
      closers.forEach(Runnable::run);
    }
  }

  synchronized UserStats stats() {
    return new UserStats(
        user, connections, addresses.size(), connectionsEver.sum(), up.sum(), down.sum());
  }
}
