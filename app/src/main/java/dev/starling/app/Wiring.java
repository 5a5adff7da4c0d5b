package dev.starling.app;

import dev.starling.messenger.AuthKeys;
import dev.starling.messenger.Gateway;
import dev.starling.messenger.GatewayLimits;
import dev.starling.messenger.Messenger;
import dev.starling.mtproto.Env;
import dev.starling.store.FileKeyRing;
import dev.starling.store.RocksStore;
import dev.starling.store.SealedStore;
import dev.starling.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole product on one page. */
final class Wiring implements AutoCloseable {
  /** Calls take milliseconds; one that takes so long will not end. */
  private static final Duration DRAIN_MAX = Duration.ofSeconds(10);

  private final DataFolder data;
  private final InetSocketAddress listen;
  private final SystemEnv system = new SystemEnv();
  private final Env env = system.env();
  private final Identity identity;
  private final Store store;
  private final Gateway gateway;
  private final Messenger messenger;
  private final OwnAddress ownAddress = new OwnAddress();
  private final Operations operations = new Operations();
  private @Nullable AdminSocket adminSocket;

  /**
   * Opens the data, which belong to this process until it is closed.
   *
   * @throws Problem or StoreException if they cannot be had
   */
  Wiring(DataFolder data, InetSocketAddress listen) {
    this.data = data;
    this.listen = listen;
    FileKeyRing ring = FileKeyRing.openOrCreate(data.keys(), data.store(), env.random());
    identity = Identity.openOrCreate(data, env.random());
    store = new SealedStore(RocksStore.open(data.store(), data.libraries()), ring, env.random());
    AuthKeys authKeys = new AuthKeys(store, env);
    int cores = Runtime.getRuntime().availableProcessors();
    gateway =
        new Gateway(
            new Gateway.Settings(
                listen,
                List.of(identity.key()),
                List.of(identity.secret()),
                GatewayLimits.forCores(cores),
                cores),
            authKeys,
            env);
    messenger = new Messenger(store, ring, authKeys, gateway.sessions(), ownAddress, env);
    new UserOperations(messenger.accounts(), messenger.login()).register(operations);
  }

  /** For what an operator does while no server runs; never started. */
  static Wiring offline(DataFolder data) {
    return new Wiring(data, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * Begins to serve.
   *
   * @param announce the address that clients are told; null for the one that is listened on
   * @return where clients find it
   * @throws Problem if the port cannot be had
   */
  InetSocketAddress start(@Nullable InetAddress announce) {
    InetSocketAddress bound = bind();
    InetSocketAddress announced =
        announce == null ? bound : new InetSocketAddress(announce, bound.getPort());
    ownAddress.announce(announced);
    new ServerOperations(announced, bound, gateway, messenger.accounts(), env).register(operations);
    adminSocket = new AdminSocket(data.adminSocket(), operations);
    return announced;
  }

  private InetSocketAddress bind() {
    try {
      return gateway.start(messenger.methods());
    } catch (IOException e) {
      throw Listen.failure(listen, e);
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
    gateway.drain(DRAIN_MAX);
    close();
  }

  @Override
  public void close() {
    if (adminSocket != null) {
      adminSocket.close();
    }
    gateway.close();
    store.close();
    system.close();
  }
}
