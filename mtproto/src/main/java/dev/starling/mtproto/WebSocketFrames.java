package dev.starling.mtproto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a WebSocket (RFC 6455, section 5) that carries a stream: where a message begins and
 * ends is of no meaning. Not thread-safe.
 *
 * <pre>fin 1, opcode 4 | masked 1, length 7 | longer length 0, 2 or 8 | mask 0 or 4 | payload</pre>
 */
final class WebSocketFrames {
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int CONTINUATION = 0;
  private static final int CONTROL = 8;
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int LENGTH_2 = 126;
  private static final int LENGTH_8 = 127;

  /** "All control frames MUST have a payload length of 125 bytes or less." */
  private static final int CONTROL_BYTES_MAX = 125;

  /**
   * A frame's payload passes as it comes, so its length costs nothing; but no client sends more
   * than a packet or two at once.
   */
  private static final long FRAME_BYTES_MAX = 8 << 20;

  private WebSocketFrames() {}

  /** What a reader finds. */
  interface Sink {
    /** Bytes of the stream, in pieces; the array is the caller's to keep. */
    void bytes(byte[] bytes);

    /** A ping, pong or close. */
    void control(int opcode, byte[] payload);
  }

  /** Takes frames apart. It holds no bytes but a header's and a control frame's. */
  static final class Reader {
    private final boolean masked;
    private final byte[] header = new byte[14];
    private int headerFilled;
    private int opcode;
    private long left;
    private int maskAt;
    private int masksUsed;
    private boolean inPayload;
    private byte @Nullable [] control;
    private int controlFilled;

    /**
     * @param masked whether the peer is a client: "a client MUST mask all frames", "a server MUST
     *     NOT mask any"
     */
    Reader(boolean masked) {
      this.masked = masked;
    }

    /** Takes the next bytes, however they are cut; answers what is wrong with them, or null. */
    @Nullable String receive(byte[] in, int offset, int length, Sink sink) {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        if (!inPayload) {
          header[headerFilled++] = in[at++];
          if (headerFilled == headerBytes()) {
            String fault = open();
            if (fault != null) {
              return fault;
            }
          }
        } else {
          int count = (int) Math.min(left, end - at);
          byte[] piece = unmask(in, at, count);
          at += count;
          left -= count;
          take(piece, sink);
        }
        if (inPayload && left == 0) {
          finish(sink);
        }
      }
      return null;
    }

    private int headerBytes() {
      if (headerFilled < 2) {
        return 2;
      }
      int length = header[1] & 0x7f;
      int more = length == LENGTH_8 ? 8 : length == LENGTH_2 ? 2 : 0;
      return 2 + more + (masked ? 4 : 0);
    }

    private @Nullable String open() {
      opcode = header[0] & 0x0f;
      boolean isControl = (opcode & CONTROL) != 0;
      int size = headerFilled - 2 - (masked ? 4 : 0);
      left = header[1] & 0x7f;
      if (size > 0) {
        left = 0;
        for (int i = 0; i < size; i++) {
          left = (left << 8) | (header[2 + i] & 0xff);
        }
      }
      maskAt = 2 + size;
      masksUsed = 0;
      headerFilled = 0;
      inPayload = true;
      if ((header[0] & RESERVED) != 0 || ((header[1] & MASKED) != 0) != masked) {
        return "a WebSocket frame of another kind";
      }
      if (isControl) {
        if ((header[0] & FIN) == 0 || left < 0 || left > CONTROL_BYTES_MAX || opcode > PONG) {
          return "a broken WebSocket control frame";
        }
        control = new byte[(int) left];
        controlFilled = 0;
        return null;
      }
      if (left < 0 || left > FRAME_BYTES_MAX) {
        return "a WebSocket frame of " + left + " bytes";
      }
      return opcode == BINARY || opcode == CONTINUATION ? null : "a WebSocket frame of text";
    }

    private byte[] unmask(byte[] in, int offset, int count) {
      byte[] piece = Bytes.slice(in, offset, offset + count);
      for (int i = 0; masked && i < count; i++) {
        piece[i] ^= header[maskAt + (masksUsed++ & 3)];
      }
      return piece;
    }

    private void take(byte[] piece, Sink sink) {
      if (control == null) {
        sink.bytes(piece);
      } else {
        System.arraycopy(piece, 0, control, controlFilled, piece.length);
        controlFilled += piece.length;
      }
    }

    private void finish(Sink sink) {
      inPayload = false;
      byte[] payload = control;
      control = null;
      if (payload != null) {
        sink.control(opcode, payload);
      }
    }
  }

  /** A whole frame of a server. */
  static byte[] frame(int opcode, byte[] payload) {
    return Bytes.concat(header(opcode, payload.length, 0), payload);
  }

  /** A whole frame of a client. */
  static byte[] masked(int opcode, byte[] payload, RandomGenerator random) {
    byte[] mask = new byte[4];
    random.nextBytes(mask);
    byte[] body = payload.clone();
    for (int i = 0; i < body.length; i++) {
      body[i] ^= mask[i & 3];
    }
    return Bytes.concat(header(opcode, body.length, MASKED), mask, body);
  }

  private static byte[] header(int opcode, int length, int mark) {
    byte first = (byte) (FIN | opcode);
    if (length < LENGTH_2) {
      return new byte[] {first, (byte) (mark | length)};
    }
    if (length < 1 << 16) {
      return new byte[] {first, (byte) (mark | LENGTH_2), (byte) (length >> 8), (byte) length};
    }
    return Bytes.concat(
        new byte[] {first, (byte) (mark | LENGTH_8), 0, 0, 0, 0}, TlsWriter.number(length, 4));
  }
}
