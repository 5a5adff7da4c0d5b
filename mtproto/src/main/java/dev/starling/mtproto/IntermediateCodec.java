package dev.starling.mtproto;

import java.util.random.RandomGenerator;

/**
 * Intermediate framing, plain and padded.
 *
 * <pre>LE32 (bit 31: quick ack wanted; bits 0..30: length of the rest) | packet | padding</pre>
 */
final class IntermediateCodec extends FrameCodec {
  private static final int HEADER_BYTES = 4;

  /**
   * We add 0..3 bytes, as the official proxy does, though up to 15 are allowed and accepted:
   * several clients cut only the remainder of a division by 4.
   */
  private static final int PADDING_BOUND = 4;

  private final boolean padded;

  IntermediateCodec(boolean padded, Side peer) {
    super(peer);
    this.padded = padded;
  }

  @Override
  int headerBytes(byte first) {
    return HEADER_BYTES;
  }

  @Override
  int bodyBytes(int word) {
    return word & ~QUICK_ACK;
  }

  @Override
  boolean wantsQuickAck(int word) {
    return (word & QUICK_ACK) != 0;
  }

  /** From the server, "4 bytes with bit 31 set" are a quick ack. */
  @Override
  boolean isQuickAck(int word) {
    return (word & QUICK_ACK) != 0;
  }

  @Override
  boolean isPadded() {
    return padded;
  }

  @Override
  byte[] padding(RandomGenerator random) {
    byte[] padding = new byte[padded ? random.nextInt(PADDING_BOUND) : 0];
    random.nextBytes(padding);
    return padding;
  }

  @Override
  byte[] frame(byte[] packet, boolean wantQuickAck, byte[] padding) {
    byte[] header = new byte[HEADER_BYTES];
    int length = packet.length + padding.length;
    Bytes.putInt(header, 0, wantQuickAck ? length | QUICK_ACK : length);
    return Bytes.concat(header, packet, padding);
  }

  @Override
  byte[] encodeQuickAck(int token) {
    byte[] ack = new byte[HEADER_BYTES];
    Bytes.putInt(ack, 0, token);
    return ack;
  }
}
