package dev.starling.e2e;

import dev.starling.messenger.AuthKeys;
import dev.starling.messenger.Gateway;
import dev.starling.messenger.GatewayLimits;
import dev.starling.messenger.Messenger;
import dev.starling.messenger.MessengerSettings;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ServerKey;
import dev.starling.store.FileKeyRing;
import dev.starling.store.KeyRing;
import dev.starling.store.MemoryStore;
import dev.starling.store.Store;
import dev.starling.tl.api.DcOption;
import dev.starling.tl.row.AccountRow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The messenger and its gateway in this process and in memory, with a {@link Recorder} between. */
final class RecordedService implements Service {
  private final Path publicKey;
  private final RealEnv real;
  private final KeyRing ring;
  private final Store store;
  private final ServerKey key;
  private final ProxySecret secret;
  private final Recorder recorder;
  private final Gateway gateway;
  private final Messenger messenger;
  private final InetSocketAddress address;

  /** A new one that keeps its public key in {@code folder}. */
  RecordedService(Path folder, Recorder recorder) throws IOException {
    this(folder, new RealEnv(), recorder);
  }

  private RecordedService(Path folder, RealEnv real, Recorder recorder) throws IOException {
    this(
        folder.resolve("public.pem"),
        real,
        FileKeyRing.openOrCreate(
            folder.resolve("keys"), folder.resolve("store"), real.env.random()),
        new MemoryStore(),
        ServerKey.generate(real.env.random()),
        new ProxySecret(real.env.bytes(16), ProxySecret.Kind.PLAIN),
        recorder,
        0);
  }

  private RecordedService(
      Path publicKey,
      RealEnv real,
      KeyRing ring,
      Store store,
      ServerKey key,
      ProxySecret secret,
      Recorder recorder,
      int port)
      throws IOException {
    this.publicKey = Files.writeString(publicKey, key.publicPem());
    this.real = real;
    this.ring = ring;
    this.store = store;
    this.key = key;
    this.secret = secret;
    this.recorder = recorder;
    AuthKeys keys = new AuthKeys(store, real.env);
    var settings =
        new Gateway.Settings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            () -> List.of(key),
            List.of(secret),
            GatewayLimits.forMachine(2, Runtime.getRuntime().maxMemory()),
            1,
            null);
    gateway = new Gateway(settings, keys, real.env);
    messenger =
        new Messenger(
            store,
            ring,
            keys,
            recorder.sessions(gateway.sessions()),
            (_, dc) -> List.of(DcOption.of(dc, "127.0.0.1", port())),
            MessengerSettings.STANDARD,
            real.env);
    address = gateway.start(recorder.methods(messenger.methods()));
  }

  private int port() {
    return address.getPort();
  }

  @Override
  public Ready ready() {
    return new Ready(
        "127.0.0.1",
        port(),
        "%016x".formatted(key.fingerprint()),
        publicKey,
        secret.format(),
        new ProxySecret(secret.key16(), ProxySecret.Kind.PADDED).format(),
        0);
  }

  @Override
  public String publicKey() {
    return key.publicPem().strip();
  }

  @Override
  public Account addUser(String... name) {
    AccountRow row = messenger.accounts().create(String.join(" ", name));
    return new Account(row.id(), "+" + row.phone(), messenger.login().newCode(row.id()));
  }

  @Override
  public Account anotherCode(Account account) {
    AccountRow row = Objects.requireNonNull(messenger.accounts().byNumber(account.number()));
    return account.withCode(messenger.login().newCode(row.id()));
  }

  @Override
  public int stop() {
    gateway.close();
    return 0;
  }

  @Override
  public RecordedService again() throws IOException {
    return new RecordedService(publicKey, real, ring, store, key, secret, recorder, port());
  }

  @Override
  public void close() {
    gateway.close();
    real.close();
  }
}
