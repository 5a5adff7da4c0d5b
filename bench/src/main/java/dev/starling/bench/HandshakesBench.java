package dev.starling.bench;

import dev.starling.bench.Bench.Options;
import dev.starling.bench.Talk.Delays;
import dev.starling.mtproto.ClientHandshake;
import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.PublicKey;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Auth keys made a second and the server's CPU for each, and what somebody who is in already feels
 * of it: how long a message takes to its reader before and meanwhile. Clients make key after key,
 * each over a connection of its own.
 */
final class HandshakesBench {
  private static final int BUFFER_BYTES = 8 << 10;

  private final int clients;
  private final int warmup;
  private final int seconds;
  private final SecureRandom random = new SecureRandom();
  private final Env env = new Env(InstantSource.system(), random, (_, _) -> () -> {});
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean over;

  private HandshakesBench(Options options) {
    this.clients = options.get("clients", 8);
    this.warmup = options.get("warmup", 10);
    this.seconds = options.get("seconds", 15);
  }

  static void run(Path root, Options options) throws Exception {
    new HandshakesBench(options).run(root);
  }

  private void run(Path root) throws Exception {
    try (Scratch scratch = Scratch.create();
        Server server = Server.start(root, scratch.path());
        Talk talk = new Talk(server)) {
      PublicKey key = PublicKey.fromPem(Files.readString(server.publicKey()));
      talk.listen(warmup);
      long idle = server.cpuMicros();
      Delays quiet = talk.listen(seconds);
      double cpuOfMessage = (double) (server.cpuMicros() - idle) / quiet.micros().length;
      for (int i = 0; i < clients; i++) {
        Thread.ofPlatform().daemon().start(() -> makeKeys(server.port(), key));
      }
      talk.listen(warmup);
      long before = made.get();
      long cpu = server.cpuMicros();
      long began = System.nanoTime();
      Delays loud = talk.listen(seconds);
      double elapsed = (System.nanoTime() - began) / 1e9;
      double used = (server.cpuMicros() - cpu - cpuOfMessage * loud.micros().length) / 1e6;
      long count = made.get() - before;
      over = true;
      System.out.printf(
          "handshakes: %.0f a second, %.0f a second of server CPU (without that of %d messages),"
              + " %d refused; a message takes %s, without them %s; %d clients, %.1f s%n",
          count / elapsed,
          count / used,
          loud.micros().length,
          refused.get(),
          loud,
          quiet,
          clients,
          elapsed);
    } finally {
      over = true;
    }
  }

  private void makeKeys(int port, PublicKey key) {
    while (!over) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        makeKey(socket, key);
        made.incrementAndGet();
      } catch (IOException e) {
        refused.incrementAndGet();
      }
    }
  }

  private void makeKey(Socket socket, PublicKey key) throws IOException {
    var transport = new ClientTransport(Framing.INTERMEDIATE, false, null, 2, random);
    socket.getOutputStream().write(transport.opening());
    ClientHandshake handshake = new ClientHandshake(List.of(key), 2, 0, env);
    for (TlObject next = handshake.start(); ; ) {
      byte[] packet = Envelope.plain((long) env.unixSeconds() << 32, Tl.encode(next, Layer.NEWEST));
      socket.getOutputStream().write(transport.frame(packet));
      switch (handshake.receive(answer(socket, transport))) {
        case ClientHandshake.Step.Send(TlObject message) -> next = message;
        case ClientHandshake.Step.Done _ -> {
          return;
        }
        case ClientHandshake.Step.Failed(String why) -> throw new IOException(why);
      }
    }
  }

  private static TlObject answer(Socket socket, ClientTransport transport) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    Deque<byte[]> packets = new ArrayDeque<>();
    while (packets.isEmpty()) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0
          || !(transport.receive(buffer, 0, count, (packet, _) -> packets.add(packet))
              instanceof ClientTransport.Verdict.Continue)) {
        throw new IOException("refused");
      }
    }
    if (Envelope.openPlain(packets.remove()) instanceof Envelope.Opened.Plain plain
        && Tl.decode(plain.body()) instanceof Decoded.Value(TlObject value)) {
      return value;
    }
    throw new IOException("no handshake message");
  }
}
