package dev.starling.mtproto;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The framing of one connection, both ways: a header of one or four bytes, then the body that it
 * tells the length of. What the kinds of framing do differently is below.
 *
 * <p>Memory: between packets it holds none but itself.
 */
abstract sealed class FrameCodec permits AbridgedCodec, FullCodec, IntermediateCodec {
  /**
   * Longest packet. A file part is at most 512 KiB up and 1 MiB down, a container about 1 MiB; what
   * claims more is no client, and its claim must not reserve memory.
   */
  static final int PACKET_BYTES_MAX = 2 << 20;

  /**
   * Longest packet of a client that has proved nothing: its first encrypted one is a call or two
   * with initConnection around. Strangers must not have 2 MiB each held for them.
   */
  static final int UNPROVED_BYTES_MAX = 64 << 10;

  /** Shortest packet: a transport error. */
  static final int PACKET_BYTES_MIN = 4;

  /** "Bit 31 of the length: the sender wants a quick ack", and that of a quick ack itself. */
  static final int QUICK_ACK = 1 << 31;

  /**
   * First piece of a packet's array, which then doubles as bytes arrive: a bare claim of a length
   * costs little.
   */
  private static final int PIECE_BYTES = 16 << 10;

  private static final byte[] NOTHING = {};

  final Side peer;
  private int packetMax;
  private int headerBytes;
  private int headerFilled;
  private int word;
  private int bodyBytes;
  private byte[] body = NOTHING;
  private int bodyFilled;

  FrameCodec(Side peer) {
    this.peer = peer;
    this.packetMax = peer == Side.CLIENT ? UNPROVED_BYTES_MAX : PACKET_BYTES_MAX;
  }

  /** The peer has proved an auth key: packets may be as long as any from now on. */
  final void trust() {
    packetMax = PACKET_BYTES_MAX;
  }

  /** Bytes held of a packet that has not come whole. */
  final int heldBytes() {
    return body.length;
  }

  /**
   * Takes the next bytes of the stream, however they are cut, and answers what is wrong with them
   * or null. At a fault nothing more may be decoded.
   */
  final @Nullable String decode(byte[] in, int offset, int length, PacketSink sink) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      String fault;
      if (headerFilled == 0 || headerFilled < headerBytes) {
        fault = header(in[at++], sink);
      } else {
        int count = room(end - at);
        System.arraycopy(in, at, body, bodyFilled, count);
        at += count;
        bodyFilled += count;
        fault = bodyFilled == bodyBytes ? body(sink) : null;
      }
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private @Nullable String header(byte next, PacketSink sink) {
    if (headerFilled == 0) {
      headerBytes = headerBytes(next);
      word = 0;
    }
    word |= (next & 0xff) << (8 * headerFilled++);
    if (headerFilled < headerBytes) {
      return null;
    }
    if (peer == Side.SERVER && bare(sink)) {
      headerFilled = 0;
      return null;
    }
    int least = PACKET_BYTES_MIN + overheadBytes();
    int most = packetMax + overheadBytes();
    bodyBytes = bodyBytes(word);
    if (bodyBytes < least || bodyBytes > most) {
      return "a packet of " + bodyBytes + " bytes";
    }
    return !isPadded() && bodyBytes % 4 != 0 ? "a packet of broken words" : null;
  }

  /** What a server sends without a frame. */
  private boolean bare(PacketSink sink) {
    if (isQuickAck(word)) {
      sink.quickAck(token(word));
      return true;
    }
    if (isBareError(word)) {
      sink.packet(error(word), false);
      return true;
    }
    return false;
  }

  private int room(int wanted) {
    if (bodyFilled == body.length) {
      body = Arrays.copyOf(body, Math.min(bodyBytes, Math.max(PIECE_BYTES, 2 * bodyFilled)));
    }
    return Math.min(wanted, body.length - bodyFilled);
  }

  private @Nullable String body(PacketSink sink) {
    byte[] whole = body;
    body = NOTHING;
    bodyFilled = 0;
    headerFilled = 0;
    byte[] packet = unwrap(word, whole);
    if (packet == null) {
      return "a wrong number or checksum";
    }
    sink.packet(packet, wantsQuickAck(word));
    return null;
  }

  /** Bytes of a header that begins so: 1 or 4. */
  abstract int headerBytes(byte first);

  /** Bytes that follow the header {@code word}, read as little-endian. */
  abstract int bodyBytes(int word);

  abstract boolean wantsQuickAck(int word);

  /** Whether {@code word} is a server's quick ack, which is 4 bare bytes. */
  boolean isQuickAck(int word) {
    return false;
  }

  /** The token of a quick ack. */
  int token(int word) {
    return word;
  }

  /** Whether {@code word}, of a server, stands for a transport error by itself. */
  boolean isBareError(int word) {
    return false;
  }

  /** Whether a packet may be other than "whole words". */
  boolean isPadded() {
    return false;
  }

  /** Bytes of a body that are not the packet's. */
  int overheadBytes() {
    return 0;
  }

  /** The packet of a body; null when it is damaged. */
  byte @Nullable [] unwrap(int word, byte[] body) {
    return body;
  }

  /** The frame of a packet. */
  final byte[] encode(byte[] packet, boolean wantQuickAck, RandomGenerator random) {
    return frame(packet, wantQuickAck, padding(random));
  }

  byte[] padding(RandomGenerator random) {
    return NOTHING;
  }

  abstract byte[] frame(byte[] packet, boolean wantQuickAck, byte[] padding);

  /**
   * The frame of a transport error, "a 4-byte negative int": unpadded, as clients know it by its
   * size.
   */
  final byte[] encodeError(int code) {
    return frame(error(code), false, NOTHING);
  }

  private static byte[] error(int code) {
    byte[] packet = new byte[PACKET_BYTES_MIN];
    Bytes.putInt(packet, 0, code);
    return packet;
  }

  /** A quick ack, ready for the wire: bare, and nothing where the framing has none. */
  byte[] encodeQuickAck(int token) {
    return NOTHING;
  }
}
