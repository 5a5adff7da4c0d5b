package dev.starling.mtproto;

import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * One entry for each parser of what strangers send, as fuzzers want them: any bytes may come, and
 * nothing may be thrown. The first byte says how the rest is cut.
 */
public final class FuzzTargets {
  private static final ProxySecret SECRET = ProxySecret.parse("00".repeat(16));
  private static final PacketSink NOTHING = (packet, quickAck) -> {};

  private FuzzTargets() {}

  /** The whole of a server's transport: all that a port takes. */
  public static void transport(byte[] input) {
    Env env = new Env(() -> Instant.EPOCH, new Random(1), (delay, task) -> () -> {});
    List<ProxySecret> secrets = List.of(SECRET);
    var server = new ServerTransport(secrets, new FakeTls(secrets, env), bytes -> {});
    cut(input, (from, length) -> server.receive(input, from, length, NOTHING));
    var behindTls = ServerTransport.behindTls(secrets, bytes -> {});
    cut(input, (from, length) -> behindTls.receive(input, from, length, NOTHING));
  }

  /** A client's transport in one of the framings, or one of its greetings: the first byte tells. */
  public static void clientTransport(byte[] input) {
    int which = (input.length == 0 ? 0 : input[0] & 0xff) % (Framing.values().length + 2);
    if (which < Framing.values().length) {
      Framing framing = List.of(Framing.values()).get(which);
      var client = new ClientTransport(framing, false, null, 2, new Random(1));
      cut(input, (from, length) -> client.receive(input, from, length, NOTHING));
    } else {
      Greeting greeting = greeting(which == Framing.values().length);
      cut(input, (from, length) -> greeting.receive(input, from, length));
    }
  }

  private static Greeting greeting(boolean tls) {
    Env env = new Env(() -> Instant.EPOCH, new Random(1), (delay, task) -> () -> {});
    return tls
        ? new TlsGreeting(SECRET, "example.org", env)
        : new WebSocketGreeting("localhost", "/apiws", new Random(1));
  }

  /** A ClientHello, behind the header of a record of the right length, and as it is. */
  public static void tlsHello(byte[] input) {
    TlsHelloReader bare = new TlsHelloReader();
    cut(input, (from, length) -> bare.receive(input, from, length));
    TlsHello.parse(
        Bytes.concat(
            new byte[] {22, 3, 1, (byte) (input.length >> 8), (byte) input.length}, input));
  }

  /** An HTTP request, and the frames of a WebSocket after a good one. */
  public static void webSocket(byte[] input) {
    var upgrade = new WebSocketUpgrade();
    cut(input, (from, length) -> upgrade.receive(input, from, length));
    var server = new ServerTransport(List.of(), bytes -> {});
    byte[] request = new WebSocketGreeting("localhost", "/apiws", new Random(1)).opening();
    server.receive(request, 0, request.length, NOTHING);
    cut(input, (from, length) -> server.receive(input, from, length, NOTHING));
  }

  private interface Piece {
    void take(int from, int length);
  }

  private static void cut(byte[] input, Piece piece) {
    int most = input.length == 0 ? 1 : 1 + (input[0] & 0xff);
    for (int from = 1; from < input.length; from += most) {
      piece.take(from, Math.min(most, input.length - from));
    }
  }
}
