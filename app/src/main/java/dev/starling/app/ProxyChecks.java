package dev.starling.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.starling.proxy.DataCentres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a proxy needs of the world around it. */
record ProxyChecks(Configuration configuration) {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Two for each connection, and those of the process itself. */
  private static final int OTHER_DESCRIPTORS = 200;

  /** Clients are further off than this in the median only if it is our clock that is wrong. */
  private static final int SKEW_SECONDS_MAX = 60;

  List<Finding> all(Map<String, Object> status) {
    List<Finding> findings = new ArrayList<>();
    findings.add(running(status));
    findings.add(clock(status));
    findings.add(name());
    findings.add(origin());
    findings.addAll(dataCentres());
    findings.add(descriptors());
    return findings;
  }

  private Finding running(Map<String, Object> status) {
    if (!status.isEmpty()) {
      return Finding.ok("proxy", "runs at " + status.get("address"));
    }
    return Finding.warning(
        "proxy", "none runs", "nobody is helped", "Start it by ./starling proxy run");
  }

  private static Finding clock(Map<String, Object> status) {
    if (!(status.get("medianSkewSeconds") instanceof Number skew)) {
      return Finding.ok("clock", "nothing to compare it with: no proxy runs");
    }
    return Math.abs(skew.longValue()) <= SKEW_SECONDS_MAX
        ? Finding.ok("clock", "within %d s of the clients'".formatted(Math.abs(skew.longValue())))
        : Finding.problem(
            "clock",
            "most clients' clocks are %d s off".formatted(skew.longValue()),
            "beyond 600 s no client gets in",
            "Set it, and keep it by chrony or systemd-timesyncd");
  }

  /** A censor looks up whether the site that the clients name is here. */
  Finding name() {
    String domain = configuration.get(ProxyKeys.DOMAIN);
    try {
      InetAddress[] addresses = InetAddress.getAllByName(domain);
      boolean isHere =
          Arrays.stream(addresses)
              .anyMatch(
                  address ->
                      isOurs(address)
                          || configuration
                              .get(ProxyKeys.ANNOUNCE)
                              .filter(address::equals)
                              .isPresent());
      return isHere
          ? Finding.ok("name", domain + " leads here")
          : Finding.warning(
              "name",
              domain + " does not lead to this machine",
              "a censor who looks it up sees that the site is not here",
              "Let a name of your own lead here, and name it as domain");
    } catch (UnknownHostException _) {
      return Finding.problem(
          "name",
          domain + " has no address",
          "a censor who looks it up sees that there is no such site",
          "Name a site that there is, or mend the machine's DNS");
    }
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException _) {
      return false;
    }
  }

  /** Whoever is no client gets to see it. */
  Finding origin() {
    InetSocketAddress origin = ProxyKeys.origin(configuration);
    String fault = fault(new InetSocketAddress(origin.getHostString(), origin.getPort()));
    return fault.isEmpty()
        ? Finding.ok("origin", origin.getHostString() + ":" + origin.getPort() + " answers")
        : Finding.problem(
            "origin",
            "%s:%d does not answer (%s)".formatted(origin.getHostString(), origin.getPort(), fault),
            "whoever probes the proxy is reset, which no web site does",
            "Start the web server, or say where it is by the key origin");
  }

  private List<Finding> dataCentres() {
    String upstream = configuration.get(ProxyKeys.UPSTREAM);
    if (!upstream.equals("telegram")) {
      InetSocketAddress service = ProxyKeys.unresolved(upstream);
      String fault = fault(new InetSocketAddress(service.getHostString(), service.getPort()));
      return List.of(
          fault.isEmpty()
              ? Finding.ok("upstream", upstream + " answers")
              : Finding.problem(
                  "upstream",
                  "%s does not answer (%s)".formatted(upstream, fault),
                  "no client can be helped",
                  "Start the service, or mend the key upstream"));
    }
    List<Finding> findings = new ArrayList<>();
    new TreeMap<>(DataCentres.production())
        .forEach(
            (number, addresses) -> {
              String fault = fault(addresses.getFirst());
              findings.add(
                  fault.isEmpty()
                      ? Finding.ok("dc " + number, "answers")
                      : Finding.problem(
                          "dc " + number,
                          "does not answer (%s)".formatted(fault),
                          "accounts that live there cannot be helped",
                          "Look at the firewall, or run the proxy where Telegram is not blocked"));
            });
    return findings;
  }

  private static String fault(InetSocketAddress address) {
    if (address.isUnresolved()) {
      return "its name has no address";
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) PATIENCE.toMillis());
      return "";
    } catch (IOException e) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
  }

  private Finding descriptors() {
    long most =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : Long.MAX_VALUE;
    int wanted = 2 * configuration.get(ProxyKeys.CONNECTIONS) + OTHER_DESCRIPTORS;
    return most >= wanted
        ? Finding.ok("descriptors", "%,d files may be open, %,d are enough".formatted(most, wanted))
        : Finding.warning(
            "descriptors",
            "only %,d files may be open".formatted(most),
            "about %,d clients can be helped at once"
                .formatted(Math.max(0, (most - OTHER_DESCRIPTORS) / 2)),
            "Raise it: ulimit -n %d, or LimitNOFILE= of the unit".formatted(wanted));
  }
}
