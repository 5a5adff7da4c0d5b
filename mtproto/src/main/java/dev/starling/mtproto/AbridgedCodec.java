package dev.starling.mtproto;

/**
 * Abridged framing: lengths in words.
 *
 * <pre>
 * length 1, below 7f               | packet
 * 7f 1 | length, little-endian 3   | packet
 * </pre>
 *
 * With bit 7 of the first byte the sender wants a quick ack.
 */
final class AbridgedCodec extends FrameCodec {
  private static final int LONG_FORM = 0x7f;
  private static final int QUICK_ACK_BYTE = 0x80;

  AbridgedCodec(Side peer) {
    super(peer);
  }

  @Override
  int headerBytes(byte first) {
    boolean quickAck = peer == Side.SERVER && (first & QUICK_ACK_BYTE) != 0;
    return quickAck || (first & LONG_FORM) == LONG_FORM ? 4 : 1;
  }

  @Override
  int bodyBytes(int word) {
    int first = word & LONG_FORM;
    return 4 * (first == LONG_FORM ? word >>> 8 : first); // at most 64 MiB: no overflow
  }

  @Override
  boolean wantsQuickAck(int word) {
    return (word & QUICK_ACK_BYTE) != 0;
  }

  @Override
  boolean isQuickAck(int word) {
    return (word & QUICK_ACK_BYTE) != 0;
  }

  /** "In abridged the bytes of the token go in reverse", so that its bit 31 comes first. */
  @Override
  int token(int word) {
    return Integer.reverseBytes(word);
  }

  @Override
  byte[] frame(byte[] packet, boolean wantQuickAck, byte[] padding) {
    int words = packet.length / 4;
    int mark = wantQuickAck ? QUICK_ACK_BYTE : 0;
    if (words < LONG_FORM) {
      return Bytes.concat(new byte[] {(byte) (words | mark)}, packet);
    }
    byte[] header = new byte[4];
    Bytes.putInt(header, 0, (words << 8) | LONG_FORM | mark);
    return Bytes.concat(header, packet);
  }

  @Override
  byte[] encodeQuickAck(int token) {
    byte[] ack = new byte[4];
    Bytes.putInt(ack, 0, Integer.reverseBytes(token));
    return ack;
  }
}
