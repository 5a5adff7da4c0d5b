package dev.starling.app;

import dev.starling.mtproto.ProxySecret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All that a volunteer may set. */
final class ProxyKeys {
  /** "Domain <= 182" bytes, by TDLib. */
  private static final int DOMAIN_CHARACTERS_MAX = 182;

  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int HTTPS = 443;

  static final Setting<InetSocketAddress> LISTEN =
      new Setting<>(
          "listen",
          "0.0.0.0:443",
          "ADDRESS:PORT in digits, such as 0.0.0.0:443 or [::]:443; port 0 is any free one",
          "Where clients are awaited. Web sites are on 443: on another port the proxy looks less"
              + " like one.",
          Listen::parse);

  static final Setting<Optional<InetAddress>> ANNOUNCE =
      new Setting<>(
          "announce",
          "",
          "an address in digits, such as 203.0.113.5, or nothing for that of this machine",
          "The address in the links. Needed where clients come through an address translator.",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(Listen.parseAddress(text)));

  static final Setting<String> DOMAIN =
      new Setting<>(
          "domain",
          "www.google.com",
          "the name of a web site",
          "The site that clients seem to visit and strangers get to see. Best is a site of your"
              + " own whose name leads to this machine: a censor can look up that another's does"
              + " not.",
          ProxyKeys::domain);

  static final Setting<String> ORIGIN =
      new Setting<>(
          "origin",
          "",
          "HOST:PORT, or nothing for port 443 of the domain",
          "Where that site is. If the domain's name leads to this machine, say here where the web"
              + " server listens beside the proxy, such as 127.0.0.1:8443.",
          text -> text.isEmpty() ? text : hostPort(text));

  static final Setting<String> UPSTREAM =
      new Setting<>(
          "upstream",
          "telegram",
          "telegram, or HOST:PORT of a Starling service",
          "Where clients are taken.",
          text -> text.equals("telegram") ? text : hostPort(text));

  static final Setting<Optional<ProxySecret>> LINK =
      new Setting<>(
          "link",
          "",
          "the secret of a front's links (ee...), or nothing",
          "By which a Starling service knows this front, as its operator's `front add` prints it:"
              + " clients' streams then go on untouched. Without it the service's port is used as"
              + " any client uses it.",
          ProxyKeys::link);

  private static Optional<ProxySecret> link(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    ProxySecret secret = ProxySecret.parse(text);
    if (!secret.isForTls()) {
      throw new IllegalArgumentException("no secret for fake TLS");
    }
    return Optional.of(secret);
  }

  static final Setting<Boolean> UNDISGUISED =
      new Setting<>(
          "undisguised",
          "no",
          "yes or no",
          "Whether links without the disguise are served too (plain and dd). A censor recognises"
              + " those and can replay them: only where nobody blocks.",
          text ->
              switch (text) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw new IllegalArgumentException("neither yes nor no");
              });

  static final Setting<Integer> CONNECTIONS =
      Setting.whole(
          "connections",
          8_000,
          16,
          1_000_000,
          "connections",
          "Open at once; further ones are closed unheard. Each takes two file descriptors.");

  static final Setting<Integer> EVENT_LOOPS =
      Setting.whole(
          "event-loops",
          Math.min(CORES, 64),
          1,
          64,
          "threads",
          "Threads for sockets and ciphers. The default is one a core.");

  /** In the order of the manual. */
  static final List<Setting<?>> ALL =
      List.of(
          LISTEN, ANNOUNCE, DOMAIN, ORIGIN, UPSTREAM, LINK, UNDISGUISED, CONNECTIONS, EVENT_LOOPS);

  private ProxyKeys() {}

  /** The name of a web site, in lower case. */
  static String domain(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (name.length() > DOMAIN_CHARACTERS_MAX
        || !name.matches("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]")) {
      throw new IllegalArgumentException("no domain");
    }
    return name;
  }

  private static String hostPort(String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    if (colon < 1 || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("no HOST:PORT");
    }
    return text;
  }

  /** A HOST:PORT that has been checked, its host without brackets. */
  static InetSocketAddress unresolved(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    String host = hostPort.substring(0, colon);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    return InetSocketAddress.createUnresolved(
        isBracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(hostPort.substring(colon + 1)));
  }

  /** Where the origin is, by the configuration. */
  static InetSocketAddress origin(Configuration configuration) {
    String origin = configuration.get(ORIGIN);
    return origin.isEmpty()
        ? InetSocketAddress.createUnresolved(configuration.get(DOMAIN), HTTPS)
        : unresolved(origin);
  }
}
