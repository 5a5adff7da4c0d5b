package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.Scheduler;
import dev.starling.mtproto.ServerKey;
import dev.starling.store.Batch;
import dev.starling.store.Store;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.HelpDeepLinkInfoEmpty;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.HelpGetDeepLinkInfo;
import dev.starling.tl.api.HelpGetNearestDc;
import dev.starling.tl.api.NearestDc;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import dev.starling.tl.api.UsersGetUsers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A gateway on a loopback port over a store in memory, with methods that tell what they were asked.
 */
final class TestGateway implements Methods, Scheduler, AutoCloseable {
  static final ServerKey SERVER_KEY = ServerKey.generate(new SecureRandom());
  static final GatewayLimits LIMITS = new GatewayLimits(100, 100, 10, 1, 10, 1L << 30);
  static final ProxySecret PLAIN = ProxySecret.parse("00112233445566778899aabbccddeeff");
  static final ProxySecret PADDED = ProxySecret.parse("ddffeeddccbbaa99887766554433221100");

  static final ProxySecret FAKE_TLS =
      ProxySecret.parse("ee0123456789abcdef0123456789abcdef6578616d706c652e6f7267");

  /** {@link #PLAIN} as a link for fake TLS. */
  static final ProxySecret ANY_DOMAIN =
      new ProxySecret(PLAIN.key16(), ProxySecret.Kind.FAKE_TLS, "example.com");

  private volatile Duration ahead = Duration.ZERO;
  final Env env = new Env(() -> Instant.now().plus(ahead), new SecureRandom(), this);
  final AuthKeys keys;
  final Gateway gateway;
  final InetSocketAddress address;
  final List<Caller> callers = new CopyOnWriteArrayList<>();
  final List<String> paths = new CopyOnWriteArrayList<>();
  final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  final AtomicInteger bigAnswers = new AtomicInteger();
  private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();

  TestGateway(Store store, GatewayLimits limits) throws IOException {
    this(
        store,
        limits,
        GatewayCertificate.load(resource("localhost.pem"), resource("localhost.key")));
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(TestGateway.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  TestGateway(Store store, GatewayLimits limits, @Nullable GatewayCertificate certificate)
      throws IOException {
    keys = new AuthKeys(store, env);
    gateway =
        new Gateway(
            new Gateway.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> List.of(SERVER_KEY),
                List.of(PLAIN, PADDED, FAKE_TLS),
                limits,
                1,
                certificate),
            keys,
            env);
    address = gateway.start(this);
  }

  TestClient connect() {
    return connect(Way.plain(Framing.INTERMEDIATE));
  }

  TestClient connect(Way way) {
    return new TestClient(address, way, env);
  }

  TestClient client() {
    return connect().signUp(SERVER_KEY.publicKey());
  }

  /** A client of an account, who takes part in its updates. */
  TestClient client(long accountId) {
    TestClient client = client();
    keys.bind(client.key().id(), accountId, new Batch());
    client.call(new UpdatesGetState());
    return client;
  }

  /** Makes calls with this path wait until it is opened. */
  CountDownLatch gate(String path) {
    return gates.computeIfAbsent(path, _ -> new CountDownLatch(1));
  }

  @Override
  public Answer<?> call(Caller caller, TlMethod<?> method) {
    callers.add(caller);
    return switch (method) {
      case HelpGetDeepLinkInfo(String path) -> {
        paths.add(path);
        await(gates.get(path));
        yield path.isEmpty()
            ? Answer.refusal(400, "PATH_EMPTY")
            : Answer.result(new HelpDeepLinkInfoEmpty());
      }
      case HelpGetNearestDc _ -> {
        bigAnswers.incrementAndGet();
        yield Answer.result(new NearestDc(noise(128 << 10), caller.dc(), 2));
      }
      case HelpGetConfig m -> Answer.result(m.emptyResult());
      case UsersGetUsers _ -> Answer.result(List.of());
      case UpdatesGetState _ -> Answer.result(new UpdatesState(1, 1, 1, 1, 0));
      default -> throw new UnsupportedOperationException("a secret of the client's");
    };
  }

  /** Text that gzip cannot make small. */
  String noise(int bytes) {
    return HexFormat.of().formatHex(env.bytes(bytes / 2));
  }

  private static void await(@Nullable CountDownLatch gate) {
    try {
      if (gate != null) {
        gate.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    later.add(task);
    return () -> later.remove(task);
  }

  /** Sets the clock ahead, that of clients too. */
  void ahead(Duration by) {
    ahead = ahead.plus(by);
  }

  /** Lets the time of everything that waits come. */
  void passTime() {
    for (int left = later.size(); left > 0; left--) {
      Runnable task = later.poll();
      if (task != null) {
        task.run();
      }
    }
  }

  @Override
  public void close() {
    gates.values().forEach(CountDownLatch::countDown);
    gateway.close();
  }
}
