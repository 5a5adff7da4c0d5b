package dev.starling.client;

import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.ClientTransport.Verdict;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Greeting;
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

  /** "Auth key not found." */
  static final int UNKNOWN_KEY = -404;

  /** "Transport flood." */
  static final int FLOOD = -429;

  /** "Invalid DC." */
  static final int WRONG_DC = -444;

  /** The server's last word on a connection, such as -404. */
  static final class TransportException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    final int code;

    private TransportException(int code) {
      super(
          switch (code) {
            case UNKNOWN_KEY -> "the server does not know this auth key";
            case FLOOD -> "the server has too much to do for this address, or for all";
            case WRONG_DC -> "the server is of another data centre than the one asked for";
            default -> "the server ended the connection with error " + code;
          });
      this.code = code;
    }
  }

  private final Socket socket;
  private final ClientTransport transport;
  private final byte[] buffer = new byte[READ_BYTES];
  private byte[] rest;

  private Wire(Socket socket, ClientTransport transport, byte[] rest) {
    this.socket = socket;
    this.transport = transport;
    this.rest = rest;
  }

  static Wire open(Endpoint endpoint, Env env) throws IOException {
    ClientTransport transport = endpoint.newTransport(env);
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true); // packets are small and each is somebody's turn
      socket.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()), (int) CONNECT_MAX.toMillis());
      Greeting greeting = endpoint.greeting(env);
      byte[] rest = greeting == null ? new byte[0] : greet(socket, greeting);
      socket.getOutputStream().write(transport.opening());
      return new Wire(socket, transport, rest);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Answers what came after the greeting's answer. */
  private static byte[] greet(Socket socket, Greeting greeting) throws IOException {
    socket.setSoTimeout((int) CONNECT_MAX.toMillis());
    socket.getOutputStream().write(greeting.opening());
    byte[] bytes = new byte[READ_BYTES];
    while (true) {
      int length = socket.getInputStream().read(bytes);
      if (length < 0) {
        throw new EOFException("the server closed the connection");
      }
      switch (greeting.receive(bytes, 0, length)) {
        case Greeting.Progress.More() -> {}
        case Greeting.Progress.Failed(String why) -> throw new IOException(why);
        case Greeting.Progress.Welcome(byte[] more) -> {
          socket.setSoTimeout(0);
          return more;
        }
      }
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
    byte[] in = rest;
    int length = rest.length;
    rest = new byte[0];
    if (length == 0) {
      in = buffer;
      length = socket.getInputStream().read(buffer);
      if (length < 0) {
        throw new EOFException("the server closed the connection");
      }
    }
    List<byte[]> packets = new ArrayList<>();
    Verdict verdict;
    synchronized (transport) {
      verdict = transport.receive(in, 0, length, (packet, _) -> packets.add(packet));
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
