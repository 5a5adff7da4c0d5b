package dev.starling.app;

import dev.starling.messenger.Accounts;
import dev.starling.messenger.Gateway;
import dev.starling.messenger.GatewayStats;
import dev.starling.mtproto.Env;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be asked of a running server only. */
final class ServerOperations {
  private final InetSocketAddress announced;
  private final InetSocketAddress bound;
  private final @Nullable InetSocketAddress metrics;
  private final Gateway gateway;
  private final MeasuredStore store;
  private final Health health;
  private final Accounts accounts;
  private final Configuration configuration;
  private final Env env;
  private final int startedSeconds;

  /**
   * @param announced what clients are told
   * @param bound what is listened on
   * @param metrics where metrics are served; null where they are not
   */
  ServerOperations(
      InetSocketAddress announced,
      InetSocketAddress bound,
      @Nullable InetSocketAddress metrics,
      Gateway gateway,
      MeasuredStore store,
      Health health,
      Accounts accounts,
      Configuration configuration,
      Env env) {
    this.announced = announced;
    this.bound = bound;
    this.metrics = metrics;
    this.gateway = gateway;
    this.store = store;
    this.health = health;
    this.accounts = accounts;
    this.configuration = configuration;
    this.env = env;
    this.startedSeconds = env.unixSeconds();
  }

  void register(Operations operations) {
    operations.on("status", this::status).on("stop", this::stop);
  }

  private Map<String, Object> status(Map<String, Object> request) {
    GatewayStats stats = gateway.stats();
    Runtime runtime = Runtime.getRuntime();
    return Json.object(
        "version", VersionCommand.version(),
        "pid", ProcessHandle.current().pid(),
        "address", announced.getAddress().getHostAddress(),
        "port", announced.getPort(),
        "local", Addresses.text(local()),
        "metrics", metrics == null ? "off" : Addresses.text(metrics),
        "uptimeSeconds", env.unixSeconds() - startedSeconds,
        "troubles", health.troubles(),
        "accounts", accounts.list().size(),
        "connections", stats.connections(),
        "sessions", stats.sessions(),
        "handshakes", stats.handshakes(),
        "calls", stats.calls(),
        "refusals", stats.refusals(),
        "defects", stats.defects(),
        "pushes", stats.pushes(),
        "lags", stats.lags(),
        "dropped", stats.dropped(),
        "connectionsRefused", stats.connectionsRefused(),
        "handshakesRefused", stats.handshakesRefused(),
        "unknownKeys", stats.unknownKeys(),
        "commits", store.commits.count(),
        "commitMillis99", store.commits.quantileMillis(0.99),
        "heapBytes", runtime.totalMemory() - runtime.freeMemory(),
        "residentBytes", Metrics.residentBytes(),
        "diskFreeBytes", health.freeBytes(),
        "settings", configuration.json());
  }

  /**
   * Where a client on this machine reaches it, whatever the announced address leads to from here.
   */
  private InetSocketAddress local() {
    return bound.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getPort())
        : bound;
  }

  private Map<String, Object> stop(Map<String, Object> request) {
    Thread.ofPlatform().name("stop").start(() -> System.exit(0)); // drains as SIGTERM does
    return Json.object("stopping", true, "pid", ProcessHandle.current().pid());
  }
}
