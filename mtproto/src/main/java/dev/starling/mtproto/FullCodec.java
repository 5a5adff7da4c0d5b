package dev.starling.mtproto;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Full framing. It has no quick acks.
 *
 * <pre>LE32 length of all | LE32 number, from 0 in each direction | packet | CRC32 of all before
 * </pre>
 */
final class FullCodec extends FrameCodec {
  private static final int LENGTH_BYTES = 4;
  private static final int NUMBER_BYTES = 4;
  private static final int CRC_BYTES = 4;

  private int received;
  private int sent;

  FullCodec(Side peer) {
    super(peer);
  }

  @Override
  int headerBytes(byte first) {
    return LENGTH_BYTES;
  }

  @Override
  int bodyBytes(int word) {
    return word < LENGTH_BYTES ? 0 : word - LENGTH_BYTES;
  }

  @Override
  boolean wantsQuickAck(int word) {
    return false;
  }

  /** Telegram's servers have been seen to send -429 in place of length, number and packet. */
  @Override
  boolean isBareError(int word) {
    return word < 0;
  }

  @Override
  int overheadBytes() {
    return NUMBER_BYTES + CRC_BYTES;
  }

  /** "The packet's sequence number, the first is 0"; "CRC32 of length, number and payload". */
  @Override
  byte @Nullable [] unwrap(int word, byte[] body) {
    int end = body.length - CRC_BYTES;
    boolean whole =
        Bytes.intAt(body, 0) == received && Bytes.intAt(body, end) == crc(word, body, end);
    received++;
    return whole ? Bytes.slice(body, NUMBER_BYTES, end) : null;
  }

  @Override
  byte[] frame(byte[] packet, boolean wantQuickAck, byte[] padding) {
    byte[] frame = new byte[LENGTH_BYTES + NUMBER_BYTES + packet.length + CRC_BYTES];
    Bytes.putInt(frame, 0, frame.length);
    Bytes.putInt(frame, LENGTH_BYTES, sent++);
    System.arraycopy(packet, 0, frame, LENGTH_BYTES + NUMBER_BYTES, packet.length);
    CRC32 crc = new CRC32();
    crc.update(frame, 0, frame.length - CRC_BYTES);
    Bytes.putInt(frame, frame.length - CRC_BYTES, (int) crc.getValue());
    return frame;
  }

  private static int crc(int word, byte[] body, int length) {
    byte[] header = new byte[LENGTH_BYTES];
    Bytes.putInt(header, 0, word);
    CRC32 crc = new CRC32();
    crc.update(header);
    crc.update(body, 0, length);
    return (int) crc.getValue();
  }
}
