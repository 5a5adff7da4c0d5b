package dev.starling.app;

import dev.starling.messenger.AuthKeys;
import dev.starling.messenger.Gateway;
import dev.starling.messenger.GatewayCertificate;
import dev.starling.messenger.GatewayLimits;
import dev.starling.messenger.Messenger;
import dev.starling.messenger.MessengerSettings;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.FakeTls;
import dev.starling.proxy.ReplayFile;
import dev.starling.store.FileKeyRing;
import dev.starling.store.KeyRotation;
import dev.starling.store.RocksStore;
import dev.starling.store.SealedStore;
import dev.starling.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole product on one page. */
final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  /**
   * An obfuscated2 header carries no time, so it is good for ever: remembered while there is room.
   */
  private static final Duration HEADERS_KEPT = Duration.ofDays(30);

  /** About 100 bytes of memory each, when so many clients have come by a secret. */
  private static final int HEADERS_MAX = 1 << 16;

  private final DataFolder data;
  private final Configuration configuration;
  private final SystemEnv system = new SystemEnv();
  private final Env env = system.env();
  private volatile Identity identity;
  private @Nullable FileTime keysWritten;
  private final MeasuredStore store;
  private final KeyRotation rotation;
  private final Thread rotating =
      Thread.ofPlatform().daemon().name("key-rotation").unstarted(this::rotateKeys);
  private final Thread sweeping = Thread.ofPlatform().daemon().name("sweep").unstarted(this::sweep);
  private final ReplayFile hellos;
  private final ReplayFile headers;
  private final Gateway gateway;
  private final Messenger messenger;
  private final MeasuredMethods methods;
  private final Health health;
  private final OwnAddress ownAddress = new OwnAddress();
  private final Operations operations = new Operations();
  private @Nullable AdminSocket adminSocket;
  private @Nullable MetricsServer metrics;

  /**
   * Opens the data, which belong to this process until it is closed.
   *
   * @throws Problem or StoreException if they cannot be had
   */
  Wiring(DataFolder data, Configuration configuration) {
    this.data = data;
    this.configuration = configuration;
    FileKeyRing ring = FileKeyRing.openOrCreate(data.keys(), data.store(), env.random());
    identity = Identity.openOrCreate(data, env.random());
    keysWritten = data.serverKeyWritten();
    RocksStore rocks = RocksStore.open(data.store(), data.libraries());
    SealedStore sealed = new SealedStore(rocks, ring, env.random());
    rotation = new KeyRotation(rocks, sealed, ring, Thread::sleep);
    store = new MeasuredStore(sealed);
    AuthKeys authKeys = new AuthKeys(store, env, ServerSettings.HEAP_BYTES);
    hellos = replays(data.hellos(), FakeTls.REMEMBERED, FakeTls.REPLAYS_MAX);
    headers = replays(data.headers(), HEADERS_KEPT, HEADERS_MAX);
    gateway =
        new Gateway(
            new Gateway.Settings(
                configuration.get(ServerSettings.LISTEN),
                () -> identity.keys().acceptedAt(env.clock().instant()),
                List.of(identity.secret()),
                limits(configuration),
                configuration.get(ServerSettings.EVENT_LOOPS),
                certificate(configuration),
                Fronts.read(data.fronts()),
                hellos,
                headers),
            authKeys,
            env);
    messenger =
        new Messenger(
            store,
            ring,
            authKeys,
            gateway.sessions(),
            ownAddress,
            messengerSettings(configuration),
            env);
    methods = new MeasuredMethods(messenger.methods());
    health = new Health(data, store);
    new UserOperations(messenger.accounts(), messenger.login(), messenger.deletion())
        .register(operations);
    new KeyOperations(rotation, env.random()).register(operations);
    new Backup(data, rocks, rotation, env).register(operations);
  }

  private static ReplayFile replays(Path file, Duration window, int max) {
    try {
      return new ReplayFile(file, window, max);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  private static void close(ReplayFile replays) {
    try {
      replays.close();
    } catch (IOException e) {
      LOG.warn("first bytes seen may be lost: {}", DataFolder.reason(e));
    }
  }

  private static @Nullable GatewayCertificate certificate(Configuration configuration) {
    Optional<Path> chain = configuration.get(ServerSettings.TLS_CERTIFICATE);
    Optional<Path> key = configuration.get(ServerSettings.TLS_KEY);
    if (chain.isPresent() != key.isPresent()) {
      throw new Problem("tls-certificate and tls-key go together: give both, or neither");
    }
    try {
      return chain.isPresent() ? GatewayCertificate.load(chain.get(), key.orElseThrow()) : null;
    } catch (IllegalArgumentException e) {
      throw new Problem(
          "the certificate %s and the key %s cannot be used: both are to be PEM files, the key in PKCS#8 (BEGIN PRIVATE KEY) and without a password"
              .formatted(chain.get(), key.orElseThrow()),
          e);
    }
  }

  private static GatewayLimits limits(Configuration configuration) {
    return new GatewayLimits(
        configuration.get(ServerSettings.CONNECTIONS),
        configuration.get(ServerSettings.SESSIONS),
        configuration.get(ServerSettings.SESSIONS_PER_KEY),
        configuration.get(ServerSettings.HANDSHAKE_THREADS),
        configuration.get(ServerSettings.HANDSHAKES_QUEUED),
        ServerSettings.HEAP_BYTES);
  }

  private static MessengerSettings messengerSettings(Configuration configuration) {
    return new MessengerSettings(
        configuration.get(ServerSettings.SERVICE_NAME),
        configuration.get(ServerSettings.INVITATIONS_PER_PERSON),
        configuration.get(ServerSettings.INVITATIONS),
        configuration.get(ServerSettings.LOOKUPS));
  }

  /** For what an operator does while no server runs; never started. */
  static Wiring offline(DataFolder data) {
    return new Wiring(data, Configuration.read(data, Map.of()));
  }

  /**
   * Begins to serve.
   *
   * @return where clients find it
   * @throws Problem if the port cannot be had
   */
  InetSocketAddress start() {
    Optional<InetAddress> announce = configuration.get(ServerSettings.ANNOUNCE);
    InetAddress told = announce.orElse(configuration.get(ServerSettings.LISTEN).getAddress());
    if (told.isAnyLocalAddress()) {
      throw new Problem(
          "%s is every address of this machine: tell by --announce which one clients shall use"
              .formatted(told.getHostAddress()));
    }
    metrics = startMetrics();
    InetSocketAddress bound = bind();
    InetSocketAddress announced = new InetSocketAddress(told, bound.getPort());
    ownAddress.announce(announced);
    new ServerOperations(
            announced,
            bound,
            metricsAddress(),
            gateway,
            store,
            health,
            messenger.accounts(),
            configuration,
            env)
        .register(operations);
    adminSocket = new AdminSocket(data.adminSocket(), operations);
    rotating.start();
    sweeping.start();
    return announced;
  }

  /** One that was under way when the server stopped goes on. */
  private void rotateKeys() {
    try {
      rotation.run();
    } catch (InterruptedException _) {
      // The server stops.
    } catch (RuntimeException e) {
      LOG.error("the rotation of keys failed; it goes on after a restart", e);
    }
  }

  /** What has had its time goes, a little at a time; what the store does not take, next time. */
  private void sweep() {
    try {
      while (true) {
        Thread.sleep(Messenger.SWEEP_EVERY);
        try {
          takeChangedKeys();
          messenger.sweep();
        } catch (StoreException _) {
          // Full, or it closes.
        } catch (Problem e) {
          LOG.error("the keys stay as they were: {}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.error("a sweep failed; it goes on", e);
        }
      }
    } catch (InterruptedException _) {
      // The server stops.
    }
  }

  /** What an operator puts into server.pem counts for all handshakes from then on. */
  void takeChangedKeys() {
    FileTime written = data.serverKeyWritten();
    if (written != null && !written.equals(keysWritten)) {
      keysWritten = written; // a damaged file is told of once
      identity = Identity.openOrCreate(data, env.random());
    }
  }

  private @Nullable MetricsServer startMetrics() {
    return configuration
        .get(ServerSettings.METRICS)
        .map(address -> new MetricsServer(address, new Metrics(gateway, store, methods, health)))
        .orElse(null);
  }

  /** Where metrics are served; null where they are not. */
  @Nullable InetSocketAddress metricsAddress() {
    return metrics == null ? null : metrics.address();
  }

  private InetSocketAddress bind() {
    try {
      return gateway.start(methods);
    } catch (IOException e) {
      throw Listen.failure("--listen", configuration.get(ServerSettings.LISTEN), e);
    }
  }

  Identity identity() {
    return identity;
  }

  Operations operations() {
    return operations;
  }

  /** Finishes what is under way, then closes. */
  void drain() throws InterruptedException {
    health.drain();
    gateway.drain(Duration.ofSeconds(configuration.get(ServerSettings.DRAIN)));
    close();
  }

  @Override
  public void close() {
    if (metrics != null) {
      metrics.close();
    }
    if (adminSocket != null) {
      adminSocket.close();
    }
    gateway.close();
    close(hellos);
    close(headers);
    rotating.interrupt();
    sweeping.interrupt();
    store.close();
    system.close();
  }
}
