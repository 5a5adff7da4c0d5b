package dev.starling.bench;

import dev.starling.bench.Bench.Options;
import dev.starling.bench.Talk.Delays;
import dev.starling.client.People;
import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Framing;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.mt.ReqPqMulti;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections that begin and do not go on, as many as a machine can be made to hold: a third says
 * nothing, a third half a packet, a third asks for a pq and never solves it. What the server closes
 * is opened again at once, from many loopback addresses. Measured are the server's memory, what two
 * who talk feel of it, and whether somebody new gets in.
 */
final class HalfOpenBench {
  /** Of one source: the server takes no more that have not proved an auth key. */
  private static final int OF_SOURCE = 1_000;

  /** Opened between two looks at what was closed. */
  private static final int BURST = 200;

  private final int connections;
  private final int seconds;
  private final SecureRandom random = new SecureRandom();
  private volatile boolean over;
  private volatile int open;
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();

  private HalfOpenBench(Options options) {
    this.connections = options.get("connections", 15_000);
    this.seconds = options.get("seconds", 30);
  }

  static void run(Path root, Options options) throws Exception {
    new HalfOpenBench(options).run(root);
  }

  private void run(Path root) throws Exception {
    try (Scratch scratch = Scratch.create();
        Server server = Server.start(root, scratch.path());
        Talk talk = new Talk(server)) {
      talk.listen(seconds); // warms up
      IdleBench.Memory before = server.memory();
      Delays quiet = talk.listen(seconds);
      Thread flood = Thread.ofPlatform().daemon().start(() -> flood(server.port()));
      for (int left = 60; left > 0 && open < connections && flood.isAlive(); left--) {
        TimeUnit.SECONDS.sleep(1);
      }
      int reached = open;
      long cpu = server.cpuMicros();
      Delays loud = talk.listen(seconds);
      double used = (server.cpuMicros() - cpu) / 1e6;
      long began = System.nanoTime();
      talk.signIn(server, server.addUser("Newcomer"), new People()).close();
      double entry = (System.nanoTime() - began) / 1e9;
      int held = open;
      IdleBench.Memory meanwhile = server.memory();
      over = true;
      flood.join();
      System.out.printf(
          "halfopen: %d open at most of %d wanted, %d at the end, %d opened, %d closed by the"
              + " server; a message takes %s, without them %s; somebody new is in after %.1f s;"
              + " resident %d MB before, %d MB with them (%.1f KB each); %.1f s of server CPU in"
              + " %d s%n",
          reached,
          connections,
          held,
          opened.get(),
          closed.get(),
          loud,
          quiet,
          entry,
          before.residentKilobytes() >> 10,
          meanwhile.residentKilobytes() >> 10,
          (double) (meanwhile.residentKilobytes() - before.residentKilobytes()) / Math.max(1, held),
          used,
          seconds);
    }
  }

  private void flood(int port) {
    try (Selector selector = Selector.open()) {
      for (int number = 0; !over; ) {
        for (int i = 0; i < BURST && selector.keys().size() < connections; i++) {
          connect(selector, port, number++);
        }
        selector.select(key -> serve(key), 20);
        open = (int) selector.keys().stream().filter(SelectionKey::isValid).count();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      System.err.println("the flood ended: " + e);
    }
  }

  private void connect(Selector selector, int port, int number) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0); // no port waits for its time to be over
    int source = 2 + number % (1 + connections / OF_SOURCE);
    channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + source), 0));
    channel.register(selector, SelectionKey.OP_CONNECT, number);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    opened.incrementAndGet();
  }

  private void serve(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
        channel.write(ByteBuffer.wrap(beginning((Integer) key.attachment())));
      } else if (key.isReadable() && channel.read(ByteBuffer.allocate(4096)) < 0) {
        closed.incrementAndGet();
        channel.close();
      }
    } catch (IOException _) {
      closed.incrementAndGet();
      close(channel);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      System.err.println("a socket does not close: " + e);
    }
  }

  private byte[] beginning(int number) {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    var transport = new ClientTransport(Framing.INTERMEDIATE, false, null, 2, random);
    byte[] opening = transport.opening();
    byte[] asking =
        transport.frame(
            Envelope.plain(
                (System.currentTimeMillis() / 1000) << 32,
                Tl.encode(new ReqPqMulti(nonce), Layer.NEWEST)));
    int bytes =
        switch (number % 3) {
          case 0 -> 0;
          case 1 -> opening.length + asking.length / 2;
          default -> opening.length + asking.length;
        };
    return ByteBuffer.allocate(bytes)
        .put(opening, 0, Math.min(bytes, opening.length))
        .put(asking, 0, Math.max(0, bytes - opening.length))
        .array();
  }
}
