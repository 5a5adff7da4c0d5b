package dev.starling.mtproto;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Intermediate framing, plain and padded.
 *
 * <pre>LE32 (bit 31: quick ack wanted; bits 0..30: length of the rest) | packet | padding</pre>
 */
final class IntermediateCodec implements FrameCodec {
  private static final int HEADER_BYTES = 4;
  private static final int QUICK_ACK = 1 << 31;

  /**
   * We add 0..3 bytes, as the official proxy does, though up to 15 are allowed and accepted:
   * several clients cut only the remainder of a division by 4.
   */
  private static final int PADDING_BOUND = 4;

  /**
   * First piece of a packet's array, which then doubles as bytes arrive: a bare claim of a length
   * costs little.
   */
  private static final int PIECE_BYTES = 16 << 10;

  private final boolean padded;
  private final Side peer;

  private final byte[] header = new byte[HEADER_BYTES];
  private int headerFilled;
  private int packetLength;
  private byte[] packet = new byte[0];
  private int packetFilled;

  IntermediateCodec(boolean padded, Side peer) {
    this.padded = padded;
    this.peer = peer;
  }

  @Override
  public @Nullable String decode(byte[] in, int offset, int length, PacketSink sink) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (headerFilled < HEADER_BYTES) {
        header[headerFilled++] = in[at++];
        String fault = headerFilled == HEADER_BYTES ? readHeader() : null;
        if (fault != null) {
          return fault;
        }
        continue;
      }
      if (packetFilled == packet.length) {
        packet =
            Arrays.copyOf(packet, Math.min(packetLength, Math.max(PIECE_BYTES, 2 * packetFilled)));
      }
      int count = Math.min(end - at, packet.length - packetFilled);
      System.arraycopy(in, at, packet, packetFilled, count);
      at += count;
      packetFilled += count;
      if (packetFilled == packetLength) {
        byte[] whole = packet;
        startFrame();
        sink.packet(whole, (Bytes.intAt(header, 0) & QUICK_ACK) != 0);
      }
    }
    return null;
  }

  private @Nullable String readHeader() {
    int word = Bytes.intAt(header, 0);
    if (peer == Side.SERVER && (word & QUICK_ACK) != 0) {
      // From the server it is a whole quick ack, "4 bytes with bit 31 set". We never ask for one.
      startFrame();
      return null;
    }
    packetLength = word & ~QUICK_ACK;
    if (packetLength < PACKET_BYTES_MIN || packetLength > PACKET_BYTES_MAX) {
      return "a packet of " + packetLength + " bytes";
    }
    // "Packets are whole words", but for the padding.
    return !padded && packetLength % 4 != 0 ? "a packet of broken words" : null;
  }

  private void startFrame() {
    headerFilled = 0;
    packetFilled = 0;
    packet = new byte[0];
  }

  @Override
  public byte[] encode(byte[] packet, RandomGenerator padding) {
    byte[] pad = new byte[padded ? padding.nextInt(PADDING_BOUND) : 0];
    padding.nextBytes(pad);
    return encode(packet, pad);
  }

  @Override
  public byte[] encodeError(int code) {
    byte[] packet = new byte[Integer.BYTES];
    Bytes.putInt(packet, 0, code);
    return encode(packet, new byte[0]);
  }

  private static byte[] encode(byte[] packet, byte[] pad) {
    byte[] header = new byte[HEADER_BYTES];
    Bytes.putInt(header, 0, packet.length + pad.length);
    return Bytes.concat(header, packet, pad);
  }
}
