package dev.starling.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the server runs and is reached.
 *
 * @param status what it says of itself; empty when none runs
 */
record ServerChecks(DataFolder data, Configuration configuration, Map<String, Object> status) {

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(metrics());
    if (status.isEmpty()) {
      findings.add(
          Finding.warning(
              "server",
              "none runs on " + data.root(),
              "nobody can talk",
              "starling up --data " + Shell.word(data.root().toString()) + " starts it"));
      return findings;
    }
    findings.add(version());
    findings.addAll(troubles());
    findings.add(reach("port", Listen.parse(Operations.text(status, "local"))));
    InetSocketAddress announced =
        new InetSocketAddress(
            Listen.parseAddress(Operations.text(status, "address")),
            status.get("port") instanceof Integer port ? port : 0);
    findings.add(
        announced.getAddress().isLoopbackAddress()
            ? Finding.warning(
                "announced",
                Addresses.text(announced) + " is this machine only",
                "nobody comes from elsewhere",
                "Set listen = 0.0.0.0:443 and announce = the public address, if others shall come")
            : reach("announced", announced));
    return findings;
  }

  private Finding metrics() {
    var metrics = configuration.get(ServerSettings.METRICS);
    if (metrics.isPresent() && !metrics.get().getAddress().isLoopbackAddress()) {
      return Finding.warning(
          "metrics",
          "served at " + Addresses.text(metrics.get()) + " without a password",
          "who reaches that address sees when how much is said",
          "Set metrics = 127.0.0.1:9418, and let the collector come through ssh or a local agent");
    }
    return Finding.ok(
        "metrics", metrics.map(at -> "served at " + Addresses.text(at)).orElse("off"));
  }

  private Finding version() {
    String runs = Operations.text(status, "version");
    return runs.equals(VersionCommand.version())
        ? Finding.ok("server", "runs, version %s, pid %s".formatted(runs, status.get("pid")))
        : Finding.warning(
            "server",
            "version %s runs, %s is installed".formatted(runs, VersionCommand.version()),
            "what was mended in between is not in force",
            "starling stop, then start it again");
  }

  private List<Finding> troubles() {
    List<Finding> findings = new ArrayList<>();
    if (status.get("troubles") instanceof List<?> troubles) {
      troubles.forEach(
          trouble ->
              findings.add(
                  Finding.problem(
                      "health", trouble.toString(), "the service is degraded", "Do what it says")));
    }
    if (status.get("defects") instanceof Integer defects && defects > 0) {
      findings.add(
          Finding.warning(
              "defects",
              defects + " calls failed by defects since the start",
              "some things do not work for some clients",
              "Please report what the server's log says of them"));
    }
    return findings;
  }

  private Finding reach(String about, InetSocketAddress address) {
    String fault = Probe.fault(address, data);
    String where = Addresses.text(address);
    if (fault.isEmpty()) {
      return Finding.ok(about, "this service answers at " + where);
    }
    InetAddress host = address.getAddress();
    return host.isLoopbackAddress()
        ? Finding.problem(
            about,
            "%s: %s".formatted(where, fault),
            "nobody can talk",
            "Stop it and start it again")
        : Finding.warning(
            about,
            "%s from here: %s".formatted(where, fault),
            "clients may not reach it",
            "Try from another network; if it fails there too, open the port in the firewall, or set"
                + " announce");
  }
}
