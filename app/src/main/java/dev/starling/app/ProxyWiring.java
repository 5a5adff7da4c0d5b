package dev.starling.app;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.ProxySecret;
import dev.starling.proxy.ProxyServer;
import dev.starling.proxy.ProxySettings;
import dev.starling.proxy.ReplayFile;
import dev.starling.proxy.Upstream;
import dev.starling.proxy.User;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The whole proxy on one page. */
final class ProxyWiring implements AutoCloseable {
  /** Headers carry no time: they are good as long as they are not known. */
  private static final Duration ALWAYS = Duration.ofDays(10_000);

  private final ProxyFolder folder;
  private final Configuration configuration;
  private final SystemEnv system = new SystemEnv();
  private final Env env = system.env();
  private final ReplayFile hellos;
  private final ReplayFile headers;
  private final Resolved origin;
  private final @Nullable Resolved service;
  private final ProxyServer server;
  private @Nullable AdminSocket adminSocket;

  /** Makes what is missing: a first user of the configured domain. */
  ProxyWiring(ProxyFolder folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
    List<User> users = new ProxyUsers(folder, configuration, env).readOrMakeFirst();
    hellos = replays(folder.hellos(), FakeTls.REMEMBERED);
    headers = replays(folder.headers(), ALWAYS);
    origin = new Resolved(ProxyKeys.origin(configuration));
    String upstream = configuration.get(ProxyKeys.UPSTREAM);
    service = upstream.equals("telegram") ? null : new Resolved(ProxyKeys.unresolved(upstream));
    server =
        new ProxyServer(
            new ProxySettings(
                List.of(configuration.get(ProxyKeys.LISTEN)),
                origin,
                configuration.get(ProxyKeys.UNDISGUISED),
                configuration.get(ProxyKeys.CONNECTIONS),
                configuration.get(ProxyKeys.EVENT_LOOPS)),
            users,
            upstream(configuration, service),
            hellos,
            headers,
            env);
  }

  private static ReplayFile replays(Path file, Duration window) {
    try {
      return new ReplayFile(file, window, FakeTls.REPLAYS_MAX);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  private static void close(ReplayFile file) {
    try {
      file.close();
    } catch (IOException _) {
      // All of it is written.
    }
  }

  private static Upstream upstream(Configuration configuration, @Nullable Resolved service) {
    Optional<ProxySecret> link = configuration.get(ProxyKeys.LINK);
    if (service == null) {
      if (link.isPresent()) {
        throw new Problem("link is the secret of a service: say by upstream where that is");
      }
      return Upstream.telegram();
    }
    return link.isPresent()
        ? new Upstream.Link(service, link.get())
        : new Upstream.Direct(_ -> service.get());
  }

  /**
   * Begins to serve.
   *
   * @return where clients find it
   * @throws Problem if the port cannot be had, or the origin is the proxy itself
   */
  ProxyLinks start() {
    InetSocketAddress listen = configuration.get(ProxyKeys.LISTEN);
    refuseItself(listen);
    InetSocketAddress bound;
    try {
      bound = server.start().getFirst();
    } catch (IOException e) {
      throw Listen.failure("--listen", listen, e);
    }
    ProxyLinks links = ProxyLinks.of(configuration, bound);
    Operations operations = new Operations();
    new ProxyOperations(folder, configuration, server, links, env).register(operations);
    adminSocket = new AdminSocket(folder.adminSocket(), operations);
    return links;
  }

  /** A proxy before itself would dial itself for ever. */
  private void refuseItself(InetSocketAddress listen) {
    boolean isItself =
        origin.get().stream()
            .filter(address -> address.getPort() == listen.getPort())
            .anyMatch(
                address ->
                    listen.getAddress().isAnyLocalAddress()
                        ? isOurs(address)
                        : address.getAddress().equals(listen.getAddress()));
    if (isItself) {
      throw new Problem(
          "the site %s leads to this proxy itself: say by --origin where its web server listens, such as 127.0.0.1:8443"
              .formatted(ProxyKeys.origin(configuration).getHostString()));
    }
  }

  private static boolean isOurs(InetSocketAddress address) {
    try {
      return address.getAddress().isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address.getAddress()) != null;
    } catch (SocketException _) {
      return false;
    }
  }

  ProxyServer server() {
    return server;
  }

  @Override
  public void close() {
    if (adminSocket != null) {
      adminSocket.close();
    }
    server.close();
    close(hellos);
    close(headers);
    origin.close();
    if (service != null) {
      service.close();
    }
    system.close();
  }
}
