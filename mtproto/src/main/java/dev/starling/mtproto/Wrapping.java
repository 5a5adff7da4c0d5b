package dev.starling.mtproto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What lies around the stream of a connection, both ways. */
sealed interface Wrapping {

  /** Takes bytes from the wire, however they are cut; answers what is wrong with them, or null. */
  @Nullable String receive(byte[] in, int offset, int length, TlsRecords.Sink inner);

  /** Bytes of the stream, ready for the wire. */
  byte[] wrap(byte[] bytes);

  /** The first bytes of a client's stream, ready for the wire. */
  default byte[] open(byte[] bytes) {
    return wrap(bytes);
  }

  /** Whether the peer has ended it in order. */
  default boolean isClosed() {
    return false;
  }

  /** The records of fake TLS. */
  record Tls(TlsRecords.Reader reader, int recordBytesMax) implements Wrapping {
    @Override
    public @Nullable String receive(byte[] in, int offset, int length, TlsRecords.Sink inner) {
      return reader.receive(in, offset, length, inner);
    }

    @Override
    public byte[] wrap(byte[] bytes) {
      return TlsRecords.wrap(bytes, recordBytesMax);
    }

    @Override
    public byte[] open(byte[] bytes) {
      return Bytes.concat(TlsRecords.changeCipherSpec(), wrap(bytes));
    }
  }

  /** The frames of a WebSocket, the server's end. */
  final class Socket implements Wrapping {
    private final WebSocketFrames.Reader reader = new WebSocketFrames.Reader(true);
    private final Output output;
    private boolean closed;

    Socket(Output output) {
      this.output = output;
    }

    @Override
    public @Nullable String receive(byte[] in, int offset, int length, TlsRecords.Sink inner) {
      return reader.receive(
          in,
          offset,
          length,
          new WebSocketFrames.Sink() {
            @Override
            public void bytes(byte[] bytes) {
              if (!closed) {
                inner.bytes(bytes, 0, bytes.length);
              }
            }

            @Override
            public void control(int opcode, byte[] payload) {
              answer(opcode, payload);
            }
          });
    }

    /** "A Pong frame must have identical application data"; "a Close frame is sent in response". */
    private void answer(int opcode, byte[] payload) {
      if (closed) {
        return;
      }
      if (opcode == WebSocketFrames.PING) {
        output.write(WebSocketFrames.frame(WebSocketFrames.PONG, payload));
      } else if (opcode == WebSocketFrames.CLOSE) {
        output.write(WebSocketFrames.frame(WebSocketFrames.CLOSE, payload));
        closed = true;
      }
    }

    @Override
    public byte[] wrap(byte[] bytes) {
      return bytes.length == 0 ? bytes : WebSocketFrames.frame(WebSocketFrames.BINARY, bytes);
    }

    @Override
    public boolean isClosed() {
      return closed;
    }
  }

  /** The frames of a WebSocket, the client's end; our servers send no pings. */
  record ClientSocket(WebSocketFrames.Reader reader, RandomGenerator random) implements Wrapping {
    ClientSocket(RandomGenerator random) {
      this(new WebSocketFrames.Reader(false), random);
    }

    @Override
    public @Nullable String receive(byte[] in, int offset, int length, TlsRecords.Sink inner) {
      return reader.receive(
          in,
          offset,
          length,
          new WebSocketFrames.Sink() {
            @Override
            public void bytes(byte[] bytes) {
              inner.bytes(bytes, 0, bytes.length);
            }

            @Override
            public void control(int opcode, byte[] payload) {}
          });
    }

    @Override
    public byte[] wrap(byte[] bytes) {
      return WebSocketFrames.masked(WebSocketFrames.BINARY, bytes, random);
    }
  }

  /** Where what the wrapping itself has to say goes. */
  @FunctionalInterface
  interface Output {
    void write(byte[] bytes);
  }
}
