package dev.starling.client;

import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.ClientTransport.Verdict;
import dev.starling.mtproto.Env;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One TCP connection and its transport: packets out, packets in. One thread may write and another
 * read.
 */
final class Wire implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

  /** Most packets are far smaller; thousands of idle clients share one memory. */
  private static final int READ_BYTES = 4 << 10;

  /** The server's last word on a connection, such as -404. */
  static final class TransportException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    final int code;

    private TransportException(int code) {
      super("the server ended the connection with error " + code);
      this.code = code;
    }
  }

  private final Socket socket;
  private final ClientTransport transport;
  private final byte[] buffer = new byte[READ_BYTES];

  private Wire(Socket socket, ClientTransport transport) {
    this.socket = socket;
    this.transport = transport;
  }

  static Wire open(Endpoint endpoint, Env env) throws IOException {
    ClientTransport transport =
        new ClientTransport(
            endpoint.framing(),
            endpoint.secret() != null,
            endpoint.secret(),
            endpoint.dc(),
            env.random());
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true); // packets are small and each is somebody's turn
      socket.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()), (int) CONNECT_MAX.toMillis());
      socket.getOutputStream().write(transport.opening());
      return new Wire(socket, transport);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Limits how long {@link #read} waits, after which it throws; {@link Duration#ZERO} for any time.
   */
  void readWithin(Duration most) throws IOException {
    socket.setSoTimeout((int) most.toMillis());
  }

  void send(List<byte[]> packets) throws IOException {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    synchronized (transport) {
      for (byte[] packet : packets) {
        frames.writeBytes(transport.frame(packet));
      }
    }
    frames.writeTo(socket.getOutputStream());
  }

  /**
   * Waits for the next bytes and answers the packets that they complete, maybe none.
   *
   * @throws IOException if there will be no more packets
   */
  List<byte[]> read() throws IOException {
    int length = socket.getInputStream().read(buffer);
    if (length < 0) {
      throw new EOFException("the server closed the connection");
    }
    List<byte[]> packets = new ArrayList<>();
    Verdict verdict;
    synchronized (transport) {
      verdict = transport.receive(buffer, 0, length, (packet, _) -> packets.add(packet));
    }
    return switch (verdict) {
      case Verdict.Continue() -> packets;
      case Verdict.Drop(String reason) -> throw new IOException(reason);
      case Verdict.TransportError(int code) -> throw new TransportException(code);
    };
  }

  /** Ends a read or write that is going on in another thread. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // Nothing of it is needed any more.
    }
  }
}
