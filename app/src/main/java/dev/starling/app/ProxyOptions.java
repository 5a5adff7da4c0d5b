package dev.starling.app;

import dev.starling.mtproto.Env;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which proxy a verb is about, and for whom it prints. */
final class ProxyOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The proxy's folder (default: ./proxy).")
  private Path data = Path.of("proxy");

  @Option(names = "--json", description = "Print one JSON object a line, for programs.")
  boolean json;

  ProxyFolder folder() {
    return new ProxyFolder(data);
  }

  Configuration configuration(Map<String, String> flags) {
    return Configuration.read(folder().config(), ProxyKeys.ALL, flags);
  }

  /** Asks the proxy that runs in the folder; without one, does it on the folder itself. */
  Map<String, Object> ask(Map<String, Object> request) {
    ProxyFolder folder = folder();
    if (!folder.exists()) {
      throw new Problem(
          "there is no proxy in %s: make one by starling proxy init --domain SITE, or name its folder by --data"
              .formatted(folder.root()));
    }
    Map<String, Object> answer = AdminClient.ask(folder.adminSocket(), request);
    if (answer != null) {
      return answer;
    }
    Configuration configuration = configuration(Map.of());
    InetSocketAddress listen = configuration.get(ProxyKeys.LISTEN);
    try (SystemEnv system = new SystemEnv()) {
      Env env = system.env();
      Operations operations = new Operations();
      new ProxyOperations(folder, configuration, null, ProxyLinks.of(configuration, listen), env)
          .register(operations);
      return operations.ask(request);
    }
  }

  /** The same where only a running proxy knows the answer. */
  Map<String, Object> askRunning(Map<String, Object> request) {
    Map<String, Object> answer = AdminClient.ask(folder().adminSocket(), request);
    if (answer == null) {
      throw new Problem(
          "no proxy runs in %s: start one by starling proxy run, or name its folder by --data"
              .formatted(folder().root()));
    }
    return answer;
  }
}
