package dev.starling.bench;

import dev.starling.bench.Bench.Options;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.ClientHandshake;
import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.PublicKey;
import dev.starling.mtproto.Side;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.Ping;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the server holds for each idle connection. Each has made an auth key of its own (or
 * shares one with a few, to be quicker), has a session, and has been answered once; then it says
 * nothing. They come from several addresses of the loopback network, by obfuscated2 with a secret.
 */
final class IdleBench {
  /** Of one source, below the server's limit. */
  private static final int OF_SOURCE = 1000;

  /** Handshakes at once. */
  private static final int THREADS = 4;

  /** After the last one the server forgets what it did for them. */
  private static final int SETTLE_SECONDS = 45;

  private final int connections;
  private final int keys;
  private final int settle;
  private final SecureRandom random = new SecureRandom();
  private final Env env = new Env(InstantSource.system(), random, (delay, task) -> () -> {});
  private final List<Client> clients = new ArrayList<>();

  private IdleBench(Options options) {
    this.connections = options.get("connections", 8000);
    this.keys = options.get("keys", connections);
    this.settle = options.get("settle", SETTLE_SECONDS);
  }

  static void run(Path root, Options options) throws Exception {
    new IdleBench(options).run(root);
  }

  private void run(Path root) throws Exception {
    try (Scratch scratch = Scratch.create();
        Server server = Server.start(root, scratch.path());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      connect(server, threads, 0, 200); // what grows once does not count for each
      Memory before = server.memory();
      connect(server, threads, 200, connections);
      TimeUnit.SECONDS.sleep(settle);
      Memory after = server.memory();
      int counted = connections - 200;
      System.out.printf(
          "idle: %.1f KB resident a connection, %.1f KB of them live heap; %d connections, %d keys;"
              + " resident %d MB before, %d MB after%n",
          (double) (after.residentKilobytes() - before.residentKilobytes()) / counted,
          (double) (after.heapKilobytes() - before.heapKilobytes()) / counted,
          connections,
          keys,
          before.residentKilobytes() >> 10,
          after.residentKilobytes() >> 10);
    } finally {
      for (Client client : clients) {
        client.socket.close();
      }
    }
  }

  /**
   * What a process holds, after a collection of garbage.
   *
   * @param residentKilobytes all of it
   * @param heapKilobytes objects
   */
  record Memory(long residentKilobytes, long heapKilobytes) {}

  private void connect(Server server, ExecutorService threads, int from, int to) throws Exception {
    PublicKey publicKey = PublicKey.fromPem(Files.readString(server.publicKey()));
    ProxySecret secret = ProxySecret.parse(server.paddedSecret());
    List<Future<Client>> coming = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int number = i;
      @Nullable Client known = i < keys ? null : clients.get(i % keys);
      coming.add(
          threads.submit(
              () -> {
                Client client = new Client(secret, server.port(), 1 + number / OF_SOURCE);
                client.enter(known, publicKey);
                return client;
              }));
      if (coming.size() == THREADS || i == to - 1) {
        for (Future<Client> one : coming) {
          clients.add(one.get());
        }
        coming.clear();
        if (clients.size() % 500 == 0) {
          System.err.printf("connected: %d of %d%n", clients.size(), connections);
        }
      }
    }
  }

  private final class Client {
    private final Socket socket = new Socket();
    private final ClientTransport transport;
    private final Deque<byte[]> packets = new ArrayDeque<>();
    private @Nullable AuthKey key;
    private long salt;

    Client(ProxySecret secret, int port, int source) throws IOException {
      transport = new ClientTransport(Framing.PADDED_INTERMEDIATE, true, secret, 2, random);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + source), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(transport.opening());
    }

    void enter(@Nullable Client known, PublicKey publicKey) throws IOException {
      if (known != null) {
        key = known.key;
        salt = known.salt;
      } else {
        shakeHands(publicKey);
      }
      byte[] ping = Tl.encode(new Ping(1), Layer.NEWEST);
      AuthKey made = Objects.requireNonNull(key);
      send(Envelope.seal(made, Side.CLIENT, salt, random.nextLong(), msgId(), 0, ping, random));
      next();
    }

    private void shakeHands(PublicKey publicKey) throws IOException {
      ClientHandshake machine = new ClientHandshake(List.of(publicKey), 2, env);
      TlObject message = machine.start();
      while (key == null) {
        send(Envelope.plain(msgId(), Tl.encode(message, Layer.NEWEST)));
        if (!(Envelope.openPlain(next()) instanceof Envelope.Opened.Plain plain)
            || !(Tl.decode(plain.body()) instanceof Decoded.Value(TlObject answer))) {
          throw new IOException("no answer to the handshake");
        }
        switch (machine.receive(answer)) {
          case ClientHandshake.Step.Send(TlObject more) -> message = more;
          case ClientHandshake.Step.Done done -> {
            key = done.key();
            salt = done.salt();
          }
          case ClientHandshake.Step.Failed(String why) -> throw new IOException(why);
        }
      }
    }

    private long msgId() {
      return (long) env.unixSeconds() << 32;
    }

    private void send(byte[] packet) throws IOException {
      socket.getOutputStream().write(transport.frame(packet));
    }

    private byte[] next() throws IOException {
      byte[] buffer = new byte[4096];
      while (packets.isEmpty()) {
        int length = socket.getInputStream().read(buffer);
        if (length < 0
            || !(transport.receive(buffer, 0, length, (packet, _) -> packets.add(packet))
                instanceof ClientTransport.Verdict.Continue)) {
          throw new IOException("the server has closed the connection");
        }
      }
      return packets.remove();
    }
  }
}
