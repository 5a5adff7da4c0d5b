package dev.starling.app;

import dev.starling.messenger.GatewayLimits;
import dev.starling.messenger.MessengerSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that an operator may set. Limits that follow from the protocol, or whose change would help
 * nobody, are constants where they are enforced and not here.
 */
final class ServerSettings {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** What the process may fill with objects. */
  static final long HEAP_BYTES = Runtime.getRuntime().maxMemory();

  private static final GatewayLimits LIMITS = GatewayLimits.forMachine(CORES, HEAP_BYTES);

  static final Setting<InetSocketAddress> LISTEN =
      new Setting<>(
          "listen",
          "127.0.0.1:2018",
          "ADDRESS:PORT in digits, such as 0.0.0.0:443 or [::]:443; port 0 is any free one",
          "Where clients are awaited. The default is for this machine alone. TDLib and Telegram"
              + " Desktop have port 443 built in, so 443 is what to take on a public server.",
          Listen::parse);

  static final Setting<Optional<InetAddress>> ANNOUNCE =
      new Setting<>(
          "announce",
          "",
          "an address in digits, such as 203.0.113.5, or nothing for that of listen",
          "The address that clients are told. Needed where listen is every address of the machine,"
              + " or clients come through an address translator. A wrong one sends clients away"
              + " after their first visit.",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(Listen.parseAddress(text)));

  static final Setting<Optional<InetSocketAddress>> METRICS =
      new Setting<>(
          "metrics",
          "off",
          "ADDRESS:PORT in digits, such as 127.0.0.1:9418, or off",
          "Where /metrics (Prometheus text) and /health are served, without any password. Sums"
              + " only, no label tells one person from another; but who reads them sees when how"
              + " much is said, so keep to the loopback address, and off where nobody looks at"
              + " them.",
          text -> text.equals("off") ? Optional.empty() : Optional.of(Listen.parse(text)));

  static final Setting<Optional<Path>> TLS_CERTIFICATE =
      new Setting<>(
          "tls-certificate",
          "",
          "a PEM file, or nothing",
          "The certificate, its chain after it, by which TLS is ended for web clients"
              + " (wss://HOST/apiws) on the same port as all else. Not needed where a web server in"
              + " front ends TLS, or nobody comes by a browser.",
          ServerSettings::file);

  static final Setting<Optional<Path>> TLS_KEY =
      new Setting<>(
          "tls-key",
          "",
          "a PEM file (BEGIN PRIVATE KEY), or nothing",
          "The private key of tls-certificate; one without the other is refused.",
          ServerSettings::file);

  private static Optional<Path> file(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  static final Setting<Integer> DC =
      Setting.whole(
          "dc",
          2,
          1,
          5,
          "",
          "The data centre that client-kit puts into clients. Those have 1 to 5 built in and begin"
              + " with one of them; the server answers to any.");

  static final Setting<Integer> CONNECTIONS =
      Setting.whole(
          "connections",
          LIMITS.connections(),
          16,
          1_000_000,
          "connections",
          "Open at once; further ones are closed unheard. Each is a file descriptor, of which the"
              + " data need 1,500 more (ulimit -n), and about 10 KB of memory.");

  static final Setting<Integer> SESSIONS =
      Setting.whole(
          "sessions",
          LIMITS.sessions(),
          16,
          2_000_000,
          "sessions",
          "Kept at once, with a connection or waiting for theirs to come back. Twice the"
              + " connections let phones lose their network; with fewer, who comes back fetches a"
              + " difference.");

  static final Setting<Integer> SESSIONS_PER_KEY =
      Setting.whole(
          "sessions-per-key",
          LIMITS.sessionsOfKey(),
          4,
          1_000,
          "sessions",
          "Kept at once for one client. A client has one for messages and a few for media; the"
              + " limit keeps a single one from taking all places.");

  static final Setting<Integer> HANDSHAKE_THREADS =
      Setting.whole(
          "handshake-threads",
          LIMITS.handshakeThreads(),
          1,
          64,
          "threads",
          "Threads that make auth keys with new clients, about 8 ms of a core each. More let"
              + " newcomers in sooner after a block and leave less to those who talk. The default"
              + " is one a pair of cores.");

  static final Setting<Integer> HANDSHAKES_QUEUED =
      Setting.whole(
          "handshakes-queued",
          LIMITS.handshakesQueued(),
          1,
          10_000,
          "messages",
          "Handshake messages that wait for a thread. Who comes later is told to come again. 256"
              + " are two seconds of one thread's work; clients give up when it takes much"
              + " longer.");

  static final Setting<Integer> EVENT_LOOPS =
      Setting.whole(
          "event-loops",
          Math.min(CORES, 64),
          1,
          64,
          "threads",
          "Threads for sockets and ciphers. The default is one a core.");

  static final Setting<Integer> DRAIN =
      Setting.whole(
          "drain",
          10,
          1,
          300,
          "seconds",
          "How long a server that is told to stop lets calls end. Calls take milliseconds; what is"
              + " cut off is sent again by its client.");

  static final Setting<String> SERVICE_NAME =
      new Setting<>(
          "service-name",
          MessengerSettings.STANDARD.serviceName(),
          "1 to 64 characters",
          "What the service's own account is called, from which people get their codes.",
          ServerSettings::name);

  static final Setting<Integer> INVITATIONS_PER_PERSON =
      Setting.whole(
          "invitations-per-person",
          MessengerSettings.STANDARD.invitationsByAccount(),
          0,
          1_000,
          "a day",
          "How many others somebody may invite. More let a circle grow sooner, and an agent bring"
              + " an army; 0 leaves it to the operator alone.");

  static final Setting<Integer> INVITATIONS =
      Setting.whole(
          "invitations",
          MessengerSettings.STANDARD.invitationsOfService(),
          0,
          10_000,
          "a day",
          "How many may be invited by all together: what an operator can look through.");

  static final Setting<Integer> LOOKUPS =
      Setting.whole(
          "lookups-per-person",
          MessengerSettings.STANDARD.lookupsByAccount(),
          1,
          10_000,
          "numbers a day",
          "How many numbers somebody may look up, as clients do with an address book. More let one"
              + " walk through all numbers sooner, to learn who is here.");

  private static String name(String text) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > 64 || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("no name");
    }
    return text;
  }

  /** In the order of the manual. */
  static final List<Setting<?>> ALL =
      List.of(
          LISTEN,
          ANNOUNCE,
          TLS_CERTIFICATE,
          TLS_KEY,
          DC,
          METRICS,
          SERVICE_NAME,
          INVITATIONS_PER_PERSON,
          INVITATIONS,
          LOOKUPS,
          CONNECTIONS,
          SESSIONS,
          SESSIONS_PER_KEY,
          HANDSHAKE_THREADS,
          HANDSHAKES_QUEUED,
          EVENT_LOOPS,
          DRAIN);

  private ServerSettings() {}
}
