package dev.starling.proxy;

import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.Greeting;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.TlsGreeting;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/** A client of the proxy, with a link of any kind. */
final class ProxyClient implements AutoCloseable {
  final Socket socket = new Socket();
  private final ClientTransport transport;
  private final Queue<byte[]> packets = new ArrayDeque<>();
  private final byte[] buffer = new byte[1 << 16];

  /**
   * Connects; with an {@code ee} secret it returns when the flight is verified.
   *
   * @throws IOException if whoever answers is not the proxy
   */
  ProxyClient(InetSocketAddress proxy, ProxySecret secret, Framing framing, int dc, Env env)
      throws IOException {
    socket.setSoTimeout(20_000);
    socket.connect(proxy);
    transport = new ClientTransport(framing, true, secret, dc, env.random());
    if (secret.isForTls()) {
      greet(new TlsGreeting(secret, secret.domain(), env));
    }
    socket.getOutputStream().write(transport.opening());
  }

  private void greet(TlsGreeting greeting) throws IOException {
    socket.getOutputStream().write(greeting.opening());
    while (true) {
      int n = read();
      switch (greeting.receive(buffer, 0, n)) {
        case Greeting.Progress.More() -> {}
        case Greeting.Progress.Welcome(byte[] rest) -> {
          transport.receive(rest, 0, rest.length, (packet, _) -> packets.add(packet));
          return;
        }
        case Greeting.Progress.Failed(String why) -> throw new IOException(why);
      }
    }
  }

  private int read() throws IOException {
    int n = socket.getInputStream().read(buffer);
    if (n < 0) {
      throw new EOFException();
    }
    return n;
  }

  void send(byte[] packet) throws IOException {
    socket.getOutputStream().write(transport.frame(packet));
  }

  /** The next packet, without padding. */
  byte[] receive(int length) throws IOException {
    while (packets.isEmpty()) {
      int n = read();
      transport.receive(buffer, 0, n, (packet, _) -> packets.add(packet));
    }
    return Arrays.copyOf(packets.remove(), length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
